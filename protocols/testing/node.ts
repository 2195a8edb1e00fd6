import { pack, unpack } from 'msgpackr';
import type { NodeId } from '../../core/node-id.ts';
import type { Rng } from '../../core/rng.ts';
import { recordAnswer } from './answers.ts';
import { type SkewedClock, skewedClock } from './clock.ts';
import { type Disk, diskOf } from './disk.ts';
import { type Host, hostOf } from './host.ts';
import { type Machine, machine } from './machine.ts';
import type { Surroundings, TestNode } from './surroundings.ts';
import { InvariantViolation } from './violation.ts';

interface Life<State, Message> {
  readonly id: NodeId;
  readonly world: Surroundings<State, Message>;
  readonly rng: Rng;
  readonly disk: Disk;
  readonly clock: SkewedClock;
  machine: Machine;
  host: Host<State, Message> | undefined;
  starts: number;
  paused: boolean;
  /** What came while the node was paused. */
  held: (() => void)[];
  syncing: boolean;
  /** When a tick is due by the node's own clock. */
  tickAtMs: number;
  /** What the last tick was for: a moment, or -Infinity where something had been put off. */
  tickedForMs: number;
  /** The node's clock has shown this already; rounding must not turn it back. */
  shownMs: number;
}

export function testNode<State, Message>(
  id: NodeId,
  world: Surroundings<State, Message>,
): TestNode<State, Message> {
  const rng = world.rng.split(id);
  const drift = world.options.clockDrift ?? 0;
  const clock = skewedClock(1000 * rng.int(0, 1000), 1 + drift * (2 * rng.float() - 1));
  const life: Life<State, Message> = {
    ...{ id, world, rng, clock, disk: diskOf(), machine: machine(), host: undefined, starts: 0 },
    ...{ paused: false, held: [], syncing: false, tickAtMs: Infinity, tickedForMs: 0, shownMs: 0 },
  };
  const { consensus } = world.options;
  return {
    id,
    get state() {
      return life.host?.state;
    },
    get machine() {
      return life.machine;
    },
    get paused() {
      return life.paused;
    },
    get starts() {
      return life.starts;
    },
    status: () => life.host && consensus.status(life.host.state),
    counters: () => (life.host === undefined ? {} : consensus.counters(life.host.state)),
    localMs: () => localMs(life),
    input: (input) => whileUp(life, (host) => host.input(input))(),
    start: () => start(life),
    crash: (keepRecords = 0) => crash(life, keepRecords),
    unsynced: () => life.disk.unsynced(),
    pause: () => void (life.paused = life.host !== undefined),
    resume() {
      life.paused = false;
      for (const action of life.held.splice(0)) world.queue.add(world.nowMs(), action);
    },
  };
}

function localMs<State, Message>(life: Life<State, Message>): number {
  life.shownMs = Math.max(life.shownMs, life.clock.toLocal(life.world.nowMs()));
  return life.shownMs;
}

/** Runs the action unless the node has gone down since; holds it back while the node is paused. */
function whileUp<State, Message>(
  life: Life<State, Message>,
  action: (host: Host<State, Message>) => void,
): () => void {
  const { starts } = life;
  const guarded = (): void => {
    if (life.host === undefined || starts !== life.starts) return;
    if (life.paused) life.held.push(guarded);
    else action(life.host);
  };
  return guarded;
}

function start<State, Message>(life: Life<State, Message>): void {
  if (life.host !== undefined) return;
  const { id, world, disk } = life;
  const { consensus, settings = {}, seed, compactEvery = 0, encoded } = world.options;
  const copy = encoded === false ? <T>(value: T): T => value : recoded;
  const durable = copy(disk.durable());
  life.starts += 1;
  const fresh = machine();
  life.machine = fresh;
  if (durable.snapshot !== undefined) fresh.restore(durable.snapshot);
  const state = consensus.init({
    ...{ self: id, nodes: world.ids, durable, settings, nowMs: localMs(life) },
    seed: seed * 1000 + life.rng.int(0, 999),
  });
  world.ledger.restored(id, fresh.commands, 0);
  life.host = hostOf<State, Message>({
    ...{ consensus, state, disk, machine: fresh, compactEvery, copy },
    outlets: {
      nowMs: () => localMs(life),
      send(to, message) {
        const copied: unknown = copy(message);
        if (!consensus.isMessage(copied)) {
          throw new Error(`expected a message by isMessage, got ${JSON.stringify(copied)}`);
        }
        world.send({ from: id, to, message: copied });
      },
      wrote: () => beginSync(life),
      applied: (entry, appliedIndex) => world.ledger.applied(id, entry, appliedIndex),
      restored: (_, appliedIndex) => world.ledger.restored(id, fresh.commands, appliedIndex),
      answered: (answer) => recordAnswer(world, answer),
      stepped: (input) => stepped(life, state, input),
    },
  });
  planTick(life, state);
}

function crash<State, Message>(life: Life<State, Message>, keepRecords: number): void {
  if (life.host === undefined) return;
  life.host = undefined;
  life.disk.crash(keepRecords);
  life.held = [];
  life.paused = false;
  life.syncing = false;
  life.tickAtMs = Infinity;
}

/** One sync at a time; what is written meanwhile shares the next one. */
function beginSync<State, Message>(life: Life<State, Message>): void {
  const { disk, world, rng } = life;
  if (life.syncing || disk.synced === disk.written) return;
  life.syncing = true;
  const number = disk.written;
  const [lowMs, highMs] = world.options.fsyncMs ?? [1, 1];
  const done = whileUp(life, (host) => {
    life.syncing = false;
    host.synced(number);
    beginSync(life);
  });
  world.queue.add(world.nowMs() + lowMs + rng.float() * (highMs - lowMs), done);
}

function stepped<State, Message>(life: Life<State, Message>, state: State, input: string): void {
  const { world, id } = life;
  const wakeAtMs = world.options.consensus.wakeAt(state);
  if (input === 'tick' && life.tickedForMs !== -Infinity && wakeAtMs <= localMs(life)) {
    const detail = `${id} was ticked at ${localMs(life)} and asks again for ${wakeAtMs}`;
    throw new InvariantViolation('wake-up', detail);
  }
  planTick(life, state);
  world.check(id, state, input);
}

/** A tick that is no longer wanted when its time comes finds the next one. */
function planTick<State, Message>(life: Life<State, Message>, state: State): void {
  const { world, clock } = life;
  const { consensus } = world.options;
  const wakeAtMs = consensus.wakeAt(state);
  if (wakeAtMs >= life.tickAtMs || wakeAtMs === Infinity) return;
  life.tickAtMs = wakeAtMs;
  const tick = whileUp(life, (host) => {
    if (life.tickAtMs !== wakeAtMs) return;
    life.tickAtMs = Infinity;
    life.tickedForMs = wakeAtMs;
    life.shownMs = Math.max(life.shownMs, wakeAtMs);
    if (consensus.wakeAt(state) <= localMs(life)) host.input({ kind: 'tick' });
    else planTick(life, state);
  });
  world.queue.add(Math.max(world.nowMs(), clock.toTrue(wakeAtMs)), tick);
}

function recoded<T>(value: T): T {
  return unpack(pack(value)) as T;
}
