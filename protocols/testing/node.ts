import { pack, unpack } from 'msgpackr';
import type { NodeId } from '../../core/node-id.ts';
import type { ProtocolStatus } from '../../core/protocol.ts';
import { type ConsensusInput, type ConsensusSnapshot } from '../consensus.ts';
import { skewedClock } from './clock.ts';
import type { Surroundings } from './cluster.ts';
import { diskOf } from './disk.ts';
import { type Answer, type Host, hostOf } from './host.ts';
import { type Machine, machine } from './machine.ts';
import { InvariantViolation } from './violation.ts';

/** One member of the cluster; its disk outlives crashes. */
export interface TestNode<State, Message> {
  readonly id: NodeId;
  /** Undefined while the node is down. */
  readonly state: State | undefined;
  readonly machine: Machine;
  readonly paused: boolean;
  /** How often it came up. */
  readonly starts: number;
  status(): ProtocolStatus | undefined;
  /** The node's own clock. */
  localMs(): number;
  /** Delivered when the node runs; lost when it is down; held back while it is paused. */
  input(input: ConsensusInput<Message>): void;
  /** Starts it, if it is down, from what is durable. */
  start(): void;
  /** Takes it down: un-synced writes are lost but for the first `keepRecords` records of them. */
  crash(keepRecords?: number): void;
  /** Records written and not yet synced: what `crash` can choose from. */
  unsynced(): number;
  pause(): void;
  resume(): void;
}

export function testNode<State, Message>(
  id: NodeId,
  world: Surroundings<State, Message>,
): TestNode<State, Message> {
  const { options, queue, rng } = world;
  const { consensus } = options;
  const draws = rng.split(id);
  const drift = options.clockDrift ?? 0;
  const clock = skewedClock(1000 * draws.int(0, 1000), 1 + drift * (2 * draws.float() - 1));
  const disk = diskOf();
  const copy = options.encoded === false ? <T>(value: T): T => value : recoded;
  const [fsyncLow, fsyncHigh] = options.fsyncMs ?? [1, 1];
  let memory = machine();
  let host: Host<State, Message> | undefined;
  let starts = 0;
  let paused = false;
  let held: (() => void)[] = [];
  let syncing = false;
  let tickAtMs = Infinity;

  /** Runs the action unless the node has gone down since; holds it back while the node is paused. */
  const whileUp = (action: (up: Host<State, Message>) => void): (() => void) => {
    const start = starts;
    const guarded = (): void => {
      if (host === undefined || start !== starts) return;
      if (paused) held.push(guarded);
      else action(host);
    };
    return guarded;
  };

  const localMs = (): number => clock.toLocal(world.nowMs());

  const beginSync = (): void => {
    if (syncing || disk.synced === disk.written) return;
    syncing = true;
    const number = disk.written;
    const tookMs = fsyncLow + draws.float() * (fsyncHigh - fsyncLow);
    const done = whileUp((up) => {
      syncing = false;
      up.synced(number);
      beginSync();
    });
    queue.add(world.nowMs() + tookMs, done);
  };

  const planTick = (state: State): void => {
    const wakeAtMs = consensus.wakeAt(state);
    if (wakeAtMs >= tickAtMs || wakeAtMs === Infinity) return;
    tickAtMs = wakeAtMs;
    const tick = whileUp((up) => {
      if (tickAtMs !== wakeAtMs) return;
      tickAtMs = Infinity;
      if (consensus.wakeAt(up.state) <= Math.max(localMs(), wakeAtMs)) up.input({ kind: 'tick' });
      else planTick(up.state);
    });
    queue.add(Math.max(world.nowMs(), clock.toTrue(wakeAtMs)), tick);
  };

  const stepped = (input: string): void => {
    if (host === undefined) return;
    const late = localMs() - consensus.wakeAt(host.state);
    if (input === 'tick' && late > 0.001) {
      throw new InvariantViolation('wake-up', `${id} asks after a tick for one ${late} ms ago`);
    }
    planTick(host.state);
    world.check({ node: id, state: host.state, input });
  };

  const start = (): void => {
    if (host !== undefined) return;
    starts += 1;
    const durable = copy(disk.durable());
    memory = machine();
    if (durable.snapshot !== undefined) memory.restore(durable.snapshot);
    const state = consensus.init({
      self: id,
      nodes: world.ids,
      durable,
      seed: options.seed * 1000 + draws.int(0, 999),
      nowMs: localMs(),
      settings: options.settings ?? {},
    });
    host = hostOf<State, Message>({
      consensus,
      state,
      disk,
      machine: memory,
      compactEvery: options.compactEvery ?? 0,
      copy,
      outlets: {
        nowMs: () => (tickAtMs === Infinity ? localMs() : localMs()),
        send: (to, message) => world.send({ from: id, to, message: checked(message) }),
        wrote: beginSync,
        applied: (entry, appliedIndex) => world.ledger.applied(id, entry, appliedIndex),
        restored: (_: ConsensusSnapshot, appliedIndex) =>
          world.ledger.restored(id, memory.commands, appliedIndex),
        answered: (answer) => record(world, answer),
        stepped,
      },
    });
    world.ledger.restored(id, memory.commands, 0);
    planTick(state);
  };

  const checked = (message: Message): Message => {
    const copied = copy(message);
    if (consensus.isMessage(copied)) return copied;
    throw new Error(`expected a message that isMessage knows, got ${JSON.stringify(copied)}`);
  };

  return {
    id,
    get state() {
      return host?.state;
    },
    get machine() {
      return memory;
    },
    get paused() {
      return paused;
    },
    get starts() {
      return starts;
    },
    status: () => (host === undefined ? undefined : consensus.status(host.state)),
    localMs,
    input(input) {
      whileUp((up) => up.input(input))();
    },
    start,
    unsynced: () => disk.unsynced(),
    crash(keepRecords = 0) {
      if (host === undefined) return;
      host = undefined;
      disk.crash(keepRecords);
      held = [];
      paused = false;
      syncing = false;
      tickAtMs = Infinity;
    },
    pause: () => void (paused = host !== undefined),
    resume() {
      paused = false;
      for (const action of held.splice(0)) queue.add(world.nowMs(), action);
    },
  };
}

function recoded<T>(value: T): T {
  return unpack(pack(value)) as T;
}

function record<State, Message>(world: Surroundings<State, Message>, answer: Answer): void {
  const proposal = world.proposals.get(answer.id);
  if (proposal !== undefined && answer.kind !== 'readable') {
    proposal.phase = answer.kind;
    if (answer.kind === 'proposed') proposal.index = answer.index;
    world.ledger.answered(proposal);
    return;
  }
  const reading = world.readings.get(answer.id);
  if (reading === undefined || answer.kind === 'proposed') {
    throw new Error(`expected an answer to a question, got ${answer.kind} for ${answer.id}`);
  }
  reading.phase = answer.kind;
  if (answer.kind !== 'readable') return;
  reading.index = answer.index;
  if (world.options.linearizableReads !== false && answer.index < reading.floor) {
    const detail = `${reading.node} answered at ${answer.index}, ${reading.floor} was committed`;
    throw new InvariantViolation('linearizable reads', detail);
  }
}
