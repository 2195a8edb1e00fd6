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
import { journalFile, journalInMemory } from './journal-file.ts';
import { type Loop, closedLoop, openLoop } from './loops.ts';
import { preloadOf } from './preload.ts';
import { threadClock } from './thread-clock.ts';
import { timerWake } from './wake.ts';

/** A thread's part of a round, from its clients' first connection to their last answer. */
export interface PreparedRound {
  /** Resolves when the keys are in place. */
  readonly prepared: Promise<void>;
  go(fromNs: number, untilNs: number): Promise<ThreadSummary>;
  moveTo(nodes: readonly NodeAddresses[]): void;
  stop(): void;
}

export interface RoundListener {
  onProgress(ok: number, errors: number): void;
  onError(error: Error): void;
}

/** What was recorded is out of the process after so long, so that a kill loses no more. */
const flushEveryMs = 50;
const sweepEveryMs = 20;
const progressEveryMs = 250;

/** Clients that put the keys in place, where the round itself has fewer. */
const leastLoaders = 16;

export function prepareRound(job: ThreadJob, listener: RoundListener): PreparedRound {
  const { thread, threads, load, journalFolder, timeoutMs } = job;
  const clients = clientsOf(load.clients, thread, threads);
  const slots = Math.max(clients.count, Math.ceil(leastLoaders / threads));
  const nowNs = threadClock(job.epochNs);
  const clock = clockOf(nowNs);
  const targets = job.nodes.map(({ id, addresses }) => ({ id, addresses }));
  const journal =
    journalFolder === null
      ? journalInMemory()
      : journalFile(join(journalFolder, journalFileOf(thread)), (error) => listener.onError(error));
  const encoder = journalEncoder({ schema: 1, thread, threads, slots }, nowNs, journal.take);
  const fleet = fleetOf({
    ...{ job, slots, targets, clock, nowNs, encoder, firstClient: clients.first },
    system: systemNamed(job.system),
    onFree: (slot, isOk, pauseMs) => onFree(slot, isOk, pauseMs),
  });
  const timers = [
    setInterval(() => encoder.flush(), flushEveryMs),
    setInterval(() => fleet.sweep(), sweepEveryMs),
    setInterval(() => listener.onProgress(fleet.tally.ok, fleet.tally.errors), progressEveryMs),
  ];
  const preload = preloadOf({ fleet, slots, thread, threads, keys: job.keys.count, nowNs });
  let onFree: (slot: number, isOk: boolean, pauseMs: number) => void = preload.free;
  let hasBegun = false;

  const close = async (): Promise<void> => {
    for (const timer of timers) clearInterval(timer);
    fleet.close();
    encoder.flush();
    await journal.end();
  };
  const run = async (loop: Loop, health: HealthWatch, untilNs: number): Promise<ThreadSummary> => {
    onFree = (slot, isOk, pauseMs) => {
      if (isOk) loop.free(slot);
      else setTimeout(() => loop.free(slot), pauseMs);
    };
    loop.start();
    await clock.sleep((untilNs - nowNs()) / 1e6, stopped.signal);
    const unissued = loop.stop();
    const measured = health.end();
    await untilIdle(fleet, clock, timeoutMs);
    await close();
    return { unissued, health: measured, journal: journal.kept };
  };
  const stopped = new AbortController();

  return {
    prepared: preload.done.catch(async (error: unknown) => {
      await close();
      throw error;
    }),
    async go(fromNs, untilNs) {
      hasBegun = true;
      await clock.sleep((fromNs - nowNs()) / 1e6, stopped.signal);
      const health = watchHealth();
      const loop =
        load.kind === 'closed'
          ? closedLoop(fleet, clients.count)
          : openLoop({
              ...{ fleet, slots: clients.count, nowNs, untilNs, wake: timerWake(nowNs) },
              arrivals: arrivals({
                ...{ kind: load.arrivals, rate: load.rate, thread, threads, fromNs },
                rng: rngOf(job.seed, `arrivals of thread ${thread}`),
              }),
              onLate: (lateNs) => health.late(lateNs),
            });
      return run(loop, health, untilNs);
    },
    moveTo(nodes) {
      for (const { id, addresses } of nodes) {
        const target = targets.find((each) => each.id === id);
        if (target !== undefined) target.addresses = addresses;
      }
    },
    stop: () => {
      stopped.abort();
      preload.cancel();
      if (!hasBegun) close().catch(listener.onError);
    },
  };
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

function clockOf(nowNs: () => number): Clock {
  return {
    nowNs,
    sleep: (delayMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const end = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', end);
          resolve();
        };
        const timer = setTimeout(end, Math.max(0, delayMs));
        signal?.addEventListener('abort', end, { once: true });
      }),
    after(delayMs, act) {
      const timer = setTimeout(act, delayMs);
      return () => clearTimeout(timer);
    },
  };
}
