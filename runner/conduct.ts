import type { Address, Cluster } from '../core/cluster.ts';
import type { History } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import type { Sighting } from '../core/nemesis.ts';
import { type NodeId, nodeIds } from '../core/node-id.ts';
import { rngOf } from '../core/rng.ts';
import type { OpGenerator } from '../core/generator.ts';
import type { Breach } from '../core/invariant.ts';
import { administrable } from './administrator.ts';
import { type Endings, endingsOf } from './endings.ts';
import { faultLoop } from './fault-loop.ts';
import { type Observer, observe } from './observer.ts';
import { type OpSource, opSource } from './op-source.ts';
import { paced } from './pace.ts';
import { type ProgressMeter, progressMeter } from './progress.ts';
import { outsideOf } from './outside.ts';
import { untilReady, untilRecovered } from './readiness.ts';
import { type Recorder, recorderTo } from './recorder.ts';
import { untilAtRest } from './rest.ts';
import type { EventSink, Test, Watcher } from './test.ts';
import { type Workers, workersOf } from './workers.ts';

/** What a conducted test left behind, before anyone judged it. */
export interface Conducted {
  readonly history: History;
  readonly sightings: readonly Sighting[];
  /** When the main phase ended, in nanoseconds of the run's clock. */
  readonly mainEndNs: number;
  /** Operations of an open loop that were due but never sent. */
  readonly unissued: number;
  readonly facts: Readonly<Record<string, Json>>;
  /** Why the cluster did not come back after everything was healed, or null when it did. */
  readonly notRecovered: string | null;
  /** What kept replicas from coming to rest in one state after that, or null where nobody could look. */
  readonly notAtRest: string | null;
  /** What was done to the cluster that it may assume never to happen. */
  readonly outside: readonly string[];
  /** Why the main phase ended before its time, or null when it did not. */
  readonly cutShort: string | null;
  /** Invariants that did not hold of the nodes' states, in a world that can look into them. */
  readonly breaches: readonly Breach[];
}

const inspectIntervalMs = 150;
const finalDeadlineMs = 30_000;

/**
 * Starts the cluster, keeps clients busy while faults strike, heals, waits until the cluster has come
 * back, reads for the last time, and takes everything down. Rejects when the harness or its
 * surroundings fail; the events recorded until then are in the sink, and nothing is left running.
 */
export async function conduct(test: Test, sink: EventSink, watcher: Watcher): Promise<Conducted> {
  const { plan, system, clock } = test;
  const endings = endingsOf(test, watcher);
  using meter = progressMeter(test, watcher);
  meter.enter('starting');
  await using started = await test.world.start({
    ...test.cluster,
    nodes: nodeIds(plan.nodes),
    system,
    settings: plan.settings,
    seed: plan.seed,
    ...(plan.conditions === undefined ? {} : { conditions: plan.conditions }),
    linkFaults: plan.faults.some(({ kind }) => kind === 'partition' || kind === 'membership'),
    onProgress: (message) => meter.say(message),
    onBreach: endings.onBreach,
  });
  const cluster = administrable(started, system, clock);
  await using _logs = keepLogs(cluster, watcher);
  refuseMisfits(test, cluster);
  meter.say('waiting for a leader');
  await untilReady(test, cluster, watcher);

  const recorder = recorderTo(sink, clock, endings.see);
  await using observer = observe({
    cluster,
    system,
    clock,
    nowNs: recorder.nowNs,
    intervalMs: inspectIntervalMs,
    ...(watcher.onSighting === undefined ? {} : { onSighting: watcher.onSighting }),
  });
  await using workers = workersOf({
    cluster,
    system,
    clock,
    recorder,
    concurrency: plan.concurrency,
    timeoutMs: plan.timeoutMs,
    settings: plan.settings,
  });
  const stage: Stage = { test, cluster, recorder, observer, workers, meter, endings };
  const { mainEndNs, unissued, uncured } = await mainPhase(stage);
  const notRecovered = await untilBack(stage, uncured);
  if (!endings.violated()) await finalPhase(stage, notRecovered === null);
  const notAtRest = endings.violated() ? null : await untilAtRest(test, cluster, observer);
  await recorder.flush();
  meter.enter('stopping');
  return {
    history: recorder.history(),
    sightings: observer.sightings,
    mainEndNs,
    unissued,
    facts: { ...cluster.facts, ...(test.cluster.keep ? { kept: addressesOf(cluster) } : {}) },
    notRecovered,
    notAtRest,
    outside: outsideOf(test),
    cutShort: endings.why(),
    breaches: endings.breaches,
  };
}

interface Stage {
  readonly test: Test;
  readonly cluster: Cluster;
  readonly recorder: Recorder;
  readonly observer: Observer;
  readonly workers: Workers;
  readonly meter: ProgressMeter;
  readonly endings: Endings;
}

/** Where the nodes of a kept cluster listen, for whoever talks to them after the run. */
function addressesOf({ nodes }: Cluster): Record<NodeId, Record<string, string>> {
  const text = ({ host, port }: Address): string => `${host}:${port}`;
  const named = nodes.map(({ id, addresses }) => {
    const texts = Object.entries(addresses).map(([name, address]) => [name, text(address)]);
    return [id, Object.fromEntries(texts) as Record<string, string>] as const;
  });
  return Object.fromEntries(named);
}

function refuseMisfits({ nemeses }: Test, cluster: Cluster): void {
  for (const nemesis of nemeses.values()) {
    const misfit = nemesis.misfit(cluster);
    if (misfit !== null) throw new Error(`the fault "${nemesis.name}" does not fit: ${misfit}`);
  }
}

interface MainPhase extends Pick<Conducted, 'mainEndNs' | 'unissued'> {
  /** What the cluster should have undone when everything else was healed, and did not. */
  readonly uncured: string | null;
}

/**
 * Operations until time, count or the user ends it; the faults go on meanwhile, and are healed.
 * Resolves with the moment at which the last operation had ended.
 */
async function mainPhase(stage: Stage): Promise<MainPhase> {
  const { test, cluster, recorder, observer, workers, meter, endings } = stage;
  const { plan, clock, nemeses } = test;
  const ended = new AbortController();
  const faults = faultLoop({
    plan: plan.faults,
    nemeses,
    cluster,
    observer,
    clock,
    recorder,
    signal: ended.signal,
  });
  const source = sourceFor(stage, 'main', paced(test), plan.ops);
  const stop = (): void => {
    source.stop();
    ended.abort();
  };
  endings.signal.addEventListener('abort', stop, { once: true });
  if (endings.signal.aborted) stop();
  meter.enter('running', { recorder, observer, faults });
  const striking = faults.run();
  // A fault that cannot be healed is the end of the run: nothing after it could be judged.
  striking.catch(stop);
  const heal = async (): Promise<string | null> => {
    stop();
    endings.signal.removeEventListener('abort', stop);
    meter.enter('healing', { recorder, observer, faults });
    return striking;
  };
  const worked = workers.work(source).then(() => recorder.nowNs());
  const [main, healed] = await Promise.allSettled([worked, worked.then(heal, heal)]);
  if (main.status === 'rejected') throw main.reason;
  if (healed.status === 'rejected') throw healed.reason;
  const mainEndNs = main.value;
  const dueNs = Math.min(mainEndNs, plan.timeMs * 1e6);
  const unissued = plan.rate > 0 && plan.ops === 0 ? source.overdue(dueNs) : 0;
  return { mainEndNs, unissued, uncured: healed.value };
}

/** Resolves with what keeps the cluster from going on. What follows a violation only costs time. */
async function untilBack(
  { test, recorder, observer, endings }: Stage,
  uncured: string | null,
): Promise<string | null> {
  if (endings.violated()) return null;
  return uncured ?? untilRecovered(test, recorder, observer);
}

/**
 * Asks again, where the cluster is back, as long as nobody was answered: whoever was seen to lead may
 * fall before the first request comes.
 */
async function finalPhase(stage: Stage, isBack: boolean): Promise<void> {
  const { test, recorder, workers, meter, observer, endings } = stage;
  const { clock } = test;
  meter.enter('final', { recorder, observer });
  const before = { ...recorder.counts };
  const isMute = ({ ok, fail, info }: Recorder['counts']): boolean =>
    ok === before.ok && fail + info > before.fail + before.info;
  let source = finalSource(stage);
  const lateNs = clock.nowNs() + finalDeadlineMs * 1e6;
  const enough = new AbortController();
  void clock.sleep(finalDeadlineMs, enough.signal).then(() => source.stop());
  await workers.work(source);
  while (isBack && isMute(recorder.counts) && clock.nowNs() < lateNs && !endings.violated()) {
    source = finalSource(stage);
    await workers.work(source);
  }
  enough.abort();
}

function finalSource(stage: Stage): OpSource {
  const { test, recorder } = stage;
  const generator = test.workload.finalGenerator(test.plan, recorder.history());
  return sourceFor(stage, 'final', generator, 0);
}

function sourceFor(
  { test, recorder }: Stage,
  label: string,
  generator: OpGenerator,
  maxOps: number,
): OpSource {
  const { plan, clock } = test;
  return opSource({
    generator,
    clock,
    nowNs: recorder.nowNs,
    rng: rngOf(plan.seed, `operations/${label}`),
    workers: plan.concurrency,
    maxOps,
  });
}

/** Hands over what the nodes printed before the cluster goes, however the run ends. */
function keepLogs(cluster: Cluster, { onLog }: Watcher): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      for (const node of cluster.nodes) {
        const log = await node.logs().catch((error: unknown) => `no log: ${String(error)}\n`);
        await onLog?.(node.id, log);
      }
    },
  };
}
