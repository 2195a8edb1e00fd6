import type { Cluster } from '../core/cluster.ts';
import type { Clock } from '../core/clock.ts';
import type { Fault, FaultContext, Nemesis } from '../core/nemesis.ts';
import type { NodeId } from '../core/node-id.ts';
import { rngOf } from '../core/rng.ts';
import type { PlannedFault } from '../core/run.ts';
import type { Observer } from './observer.ts';
import type { Recorder } from './recorder.ts';

/** Lets the planned faults strike, each in its time, and takes them back. */
export interface FaultLoop {
  /**
   * Resolves when every planned fault has been and gone, or the signal stopped it. All is healed then, or
   * it says which cure, that the cluster has to bring about, did not come about although nothing else
   * was in force. Rejects when a fault cannot be healed for any other reason.
   */
  run(): Promise<string | null>;
  /** Faults in force now, in words. */
  inForce(): readonly string[];
}

export interface FaultLoopOptions {
  readonly plan: readonly PlannedFault[];
  readonly nemeses: ReadonlyMap<string, Nemesis>;
  readonly cluster: Cluster;
  readonly observer: Observer;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
}

interface Strike {
  readonly id: number;
  readonly fault: Fault;
  readonly nemesis: Nemesis;
}

export function faultLoop(options: FaultLoopOptions): FaultLoop {
  const inForce = new Map<number, Strike>();
  const oneAtATime = mutex();

  const run = async (): Promise<string | null> => {
    const loop: Loop = { options, inForce, oneAtATime, uncured: [] };
    const strikes = options.plan.map((planned, id) => strikeAndHeal(planned, id, loop));
    // Every fault is healed before the first that could not be is reported.
    const broken = (await Promise.allSettled(strikes)).find((each) => each.status === 'rejected');
    if (broken !== undefined) throw broken.reason;
    return cureTheRest(loop);
  };
  return {
    run,
    inForce: () => [...inForce.values()].map(({ fault }) => fault.summary),
  };
}

interface Loop {
  readonly options: FaultLoopOptions;
  readonly inForce: Map<number, Strike>;
  readonly oneAtATime: Mutex;
  /** Whose cure the cluster did not bring about as long as other faults struck it. */
  readonly uncured: Strike[];
}

/** How often a fault that finds no target looks again. */
const retryMs = 100;

async function strikeAndHeal(planned: PlannedFault, id: number, loop: Loop): Promise<void> {
  const { clock, recorder, signal } = loop.options;
  await clock.sleep(Math.max(0, planned.atMs - recorder.nowNs() / 1e6), signal);
  if (isOver(signal)) return;
  for (;;) {
    const strike = await loop.oneAtATime(() => inject(planned, id, loop));
    if (strike === 'failed') return;
    if (strike !== 'no target') {
      await clock.sleep(planned.durationMs, signal);
      if (strike.nemesis.isPatient === true) await healOrPutOff(strike, loop);
      else await loop.oneAtATime(() => heal(strike, loop));
      return;
    }
    // Other faults hold all that a quorum can spare. Their end makes room.
    await clock.sleep(retryMs, signal);
    // The end of the run is no room: whatever ended it was not to be struck after.
    if (isOver(signal)) {
      const { kind, variant } = planned;
      const why = 'to the end no target was left that could be hit without losing the quorum';
      recorder.fault({ fault: kind, faultId: id, phase: 'failed', value: { variant, why } });
      return;
    }
  }
}

/**
 * Where faults strike without a pause a cluster may never find the time to agree on anything, and
 * promises nothing else. What it could not do then it has to do when they are over.
 */
async function healOrPutOff(strike: Strike, loop: Loop): Promise<void> {
  await heal(strike, loop).catch(() => loop.uncured.push(strike));
}

/** Nothing else is in force any more: now there is no excuse. */
async function cureTheRest(loop: Loop): Promise<string | null> {
  for (const strike of loop.uncured) {
    try {
      await heal(strike, loop);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return `with nothing else in force, "${strike.fault.summary}" could not be taken back: ${why}`;
    }
  }
  return null;
}

/** Asked anew each time: it changes while something is awaited. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Writes a fault down before it acts, and puts it in force. */
async function inject(
  planned: PlannedFault,
  id: number,
  loop: Loop,
): Promise<Strike | 'no target' | 'failed'> {
  const { cluster, nemeses, recorder } = loop.options;
  const nemesis = nemeses.get(planned.kind);
  if (nemesis === undefined) throw new Error(`expected a known fault, got ${planned.kind}`);
  const fault = choose(planned, nemesis, loop);
  if (fault === null) return 'no target';
  const common = { fault: planned.kind, faultId: id };
  const about = { variant: fault.variant, targets: fault.targets, summary: fault.summary };
  const { data, alone = false } = fault;
  // All of it, so that the very same fault can be put in force in another run.
  recorder.fault({ ...common, phase: 'begin', value: { ...about, data, alone } });
  await recorder.flush();
  const strike = { id, fault, nemesis };
  loop.inForce.set(id, strike);
  const dropped = await cluster.network.dropped();
  try {
    const seen = await nemesis.inject(fault, cluster);
    recorder.fault({ ...common, phase: 'active', value: { ...about, seen, dropped } });
    return strike;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    recorder.fault({ ...common, phase: 'failed', value: { ...about, why } });
    await nemesis.heal(fault, cluster);
    loop.inForce.delete(id);
    return 'failed';
  }
}

/**
 * Targets among what is healthy now; null while there are none, while its kind is in force already, or
 * while it would stand beside a fault that leaves no room.
 */
function choose(planned: PlannedFault, nemesis: Nemesis, loop: Loop): Fault | null {
  const { cluster, observer } = loop.options;
  const busy = [...loop.inForce.values()];
  if (busy.some(({ fault }) => fault.kind === planned.kind || fault.alone === true)) return null;
  const afflicted = afflictedBy(busy);
  const maxAfflicted = Math.floor((cluster.nodes.length - 1) / 2);
  const members = observer.members();
  const context = {
    nodes: cluster.nodes.map((node) => node.id),
    leader: observer.leader(),
    ...(members === undefined ? {} : { members }),
    afflicted,
    maxAfflicted,
    rng: rngOf(planned.draw, planned.variant),
  };
  const fault = laidDown(planned, context) ?? nemesis.choose(planned.variant, context);
  return fault?.alone === true && busy.length > 0 ? null : fault;
}

/**
 * The fault of the run that is repeated, as long as the quorum can still spare its targets. Where the
 * plan was changed since, they may be too many beside what holds others; then new ones are chosen.
 */
function laidDown(
  { fault }: PlannedFault,
  { afflicted, maxAfflicted }: FaultContext,
): Fault | null {
  if (fault === undefined) return null;
  const held = new Set([...afflicted, ...fault.targets]);
  return afflicted.size === 0 || held.size <= maxAfflicted ? fault : null;
}

async function heal({ id, fault, nemesis }: Strike, loop: Loop): Promise<void> {
  const { cluster, recorder } = loop.options;
  const common = { fault: fault.kind, faultId: id };
  const about = { variant: fault.variant, targets: fault.targets, summary: fault.summary };
  recorder.fault({ ...common, phase: 'heal', value: about });
  const seen = await nemesis.heal(fault, cluster);
  const dropped = await cluster.network.dropped();
  recorder.fault({ ...common, phase: 'end', value: { ...about, seen, dropped } });
  loop.inForce.delete(id);
}

function afflictedBy(strikes: readonly Strike[]): ReadonlySet<NodeId> {
  return new Set(strikes.flatMap(({ fault }) => fault.targets));
}

type Mutex = <T>(work: () => Promise<T>) => Promise<T>;

/** Faults are chosen knowing each other, so only one is changed at a time. */
function mutex(): Mutex {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
