import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { rngOf } from '../../core/rng.ts';
import type { NodeAddresses, ThreadJob, ThreadSummary } from '../job.ts';
import { journalFileOf } from '../journal/codes.ts';
import { journalEncoder } from '../journal/encoder.ts';
import { systemNamed } from '../system-named.ts';
import { arrivals } from './arrivals.ts';
import { type Fleet, fleetOf } from './fleet.ts';
import { type HealthWatch, watchHealth } from './health.ts';
import { type JournalSink, journalFile, journalInMemory } from './journal-file.ts';
import { type Loop, closedLoop, openLoop } from './loops.ts';
import { preloadOf } from './preload.ts';
import { clockOf, threadClock } from './thread-clock.ts';
import { type Metronome, metronome } from './wake.ts';

/** A thread's part of a round, from its clients' first connection to their last answer. */
export interface PreparedRound {
  /** Resolves when the keys are in place. */
  readonly prepared: Promise<void>;
  go(fromNs: number, untilNs: number): Promise<ThreadSummary>;
  moveTo(nodes: readonly NodeAddresses[]): void;
  stop(): void;
}

export interface RoundListener {
  readonly onProgress: (ok: number, errors: number) => void;
  readonly onError: (error: Error) => void;
}

/** What was recorded is out of the process after so long, so that a kill loses no more. */
const flushEveryMs = 50;
const sweepEveryMs = 20;
const progressEveryMs = 250;

/** Clients that put the keys in place, where the round itself has fewer. */
const leastLoaders = 16;

export function prepareRound(job: ThreadJob, listener: RoundListener): PreparedRound {
  const { thread, threads, load } = job;
  const clients = clientsOf(load.clients, thread, threads);
  const slots = Math.max(clients.count, Math.ceil(leastLoaders / threads));
  const nowNs = threadClock(job.epochNs);
  const targets = job.nodes.map(({ id, addresses }) => ({ id, addresses }));
  const journal = journalFor(job, listener);
  const encoder = journalEncoder({ schema: 1, thread, threads, slots }, nowNs, journal.take);
  const clock = clockOf(nowNs);
  const fleet = fleetOf({
    ...{ job, slots, targets, clock, encoder, firstClient: clients.first },
    system: systemNamed(job.system),
    onFree: (slot, isOk, pauseMs) => stage.onFree(slot, isOk, pauseMs),
  });
  const wakes = load.kind === 'open' ? metronome(job.epochNs, nowNs) : null;
  const preload = preloadOf({ fleet, slots, thread, threads, keys: job.keys.count, nowNs });
  const timers = [
    setInterval(() => encoder.flush(), flushEveryMs),
    setInterval(() => fleet.sweep(), sweepEveryMs),
    setInterval(() => listener.onProgress(fleet.tally.ok, fleet.tally.errors), progressEveryMs),
  ];
  const stage: Stage = {
    ...{ job, clients: clients.count, fleet, clock, journal, wakes },
    stopped: new AbortController(),
    onFree: preload.free,
    async close() {
      for (const timer of timers) clearInterval(timer);
      await (await wakes)?.end();
      fleet.close();
      encoder.flush();
      await journal.end();
    },
  };
  let hasBegun = false;
  return {
    prepared: preload.done.catch(async (error: unknown) => {
      await stage.close();
      throw error;
    }),
    go(fromNs, untilNs) {
      hasBegun = true;
      return run(stage, fromNs, untilNs);
    },
    moveTo(nodes) {
      for (const { id, addresses } of nodes) {
        const target = targets.find((each) => each.id === id);
        if (target !== undefined) target.addresses = addresses;
      }
    },
    stop: () => {
      stage.stopped.abort();
      preload.cancel();
      if (!hasBegun) stage.close().catch(listener.onError);
    },
  };
}

/** What a round of this thread consists of. */
interface Stage {
  readonly job: ThreadJob;
  /** Of this thread. */
  readonly clients: number;
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly journal: JournalSink;
  /** For an open loop. */
  readonly wakes: Promise<Metronome> | null;
  readonly stopped: AbortController;
  /** Whoever gives clients something to do: first who puts keys in place, then the loop. */
  onFree: (slot: number, isOk: boolean, pauseMs: number) => void;
  close(): Promise<void>;
}

function journalFor({ journalFolder, thread }: ThreadJob, listener: RoundListener): JournalSink {
  if (journalFolder === null) return journalInMemory();
  return journalFile(join(journalFolder, journalFileOf(thread)), listener.onError);
}

async function run(stage: Stage, fromNs: number, untilNs: number): Promise<ThreadSummary> {
  const { fleet, clock, job, journal, stopped } = stage;
  const wake = await stage.wakes;
  await clock.sleep((fromNs - clock.nowNs()) / 1e6, stopped.signal);
  const health = watchHealth();
  const loop = loopFor(stage, { fromNs, untilNs, health, wake });
  stage.onFree = (slot, isOk, pauseMs) => {
    if (isOk) loop.free(slot);
    else setTimeout(() => loop.free(slot), pauseMs);
  };
  loop.start();
  await clock.sleep((untilNs - clock.nowNs()) / 1e6, stopped.signal);
  const unissued = loop.stop();
  const measured = health.end();
  await untilIdle(fleet, clock, job.timeoutMs);
  await stage.close();
  return { unissued, health: measured, journal: journal.kept };
}

/** Of a round: what is measured begins no earlier, and how late operations were before is of no concern. */
const unsettledShare = 0.2;

interface LoopTimes {
  readonly fromNs: number;
  readonly untilNs: number;
  readonly health: HealthWatch;
  readonly wake: Metronome | null;
}

function loopFor({ fleet, clock, job, clients }: Stage, times: LoopTimes): Loop {
  const { thread, threads, load, seed } = job;
  const { wake } = times;
  if (load.kind === 'closed' || wake === null) return closedLoop(fleet, clients);
  const nowNs = (): number => clock.nowNs();
  const { fromNs, untilNs, health } = times;
  const settledNs = fromNs + unsettledShare * (untilNs - fromNs);
  return openLoop({
    ...{ fleet, slots: clients, nowNs, untilNs, wake },
    onLate: (lateNs, dueNs) => {
      if (dueNs >= settledNs) health.late(lateNs);
    },
    arrivals: arrivals({
      ...{ kind: load.arrivals, rate: load.rate, thread, threads, fromNs },
      rng: rngOf(seed, `arrivals of thread ${thread}`),
    }),
  });
}

/** A thread's share of the clients, as equal as can be. */
export function clientsOf(
  clients: number,
  thread: number,
  threads: number,
): { readonly first: number; readonly count: number } {
  const first = Math.floor((clients * thread) / threads);
  return { first, count: Math.floor((clients * (thread + 1)) / threads) - first };
}

/** What is under way ends by itself, at the latest when its time is over. */
async function untilIdle(fleet: Fleet, clock: Clock, timeoutMs: number): Promise<void> {
  const deadlineNs = clock.nowNs() + (timeoutMs + 5000) * 1e6;
  while (fleet.busy > 0) {
    if (clock.nowNs() > deadlineNs) {
      throw new Error(
        `expected every operation to end within ${timeoutMs} ms, but ${fleet.busy} are still under way`,
      );
    }
    await clock.sleep(5);
  }
}
