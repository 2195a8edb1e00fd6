import type { Fleet } from './fleet.ts';

export interface PreloadOptions {
  readonly fleet: Pick<Fleet, 'preload'>;
  readonly slots: number;
  readonly thread: number;
  readonly threads: number;
  /** How many keys there are; each thread writes its own part of them. */
  readonly keys: number;
  readonly nowNs: () => number;
}

/** The keys of a round are written once before it, so that reads find something. */
export interface Preload {
  /** Rejects when a key could not be written for too long. */
  readonly done: Promise<void>;
  readonly free: (slot: number, isOk: boolean, pauseMs: number) => void;
  cancel(): void;
}

const deadlineMs = 30_000;

/** A write that got no good answer is one in doubt, and is followed by another of the same key. */
export function preloadOf(options: PreloadOptions): Preload {
  const { fleet, slots, thread, threads, keys, nowNs } = options;
  const doing = new Map<number, number>();
  let next = thread;
  let lastGoodNs = nowNs();
  let isOver = false;
  const { promise: done, resolve, reject } = Promise.withResolvers<undefined>();

  const begin = (slot: number, key: number): void => {
    doing.set(slot, key);
    fleet.preload(slot, key);
  };
  const proceed = (slot: number): void => {
    doing.delete(slot);
    if (next < keys) {
      const key = next;
      next += threads;
      begin(slot, key);
    } else if (doing.size === 0) resolve(undefined);
  };
  const again = (slot: number, key: number): void => {
    if (!isOver) fleet.preload(slot, key);
  };
  const free = (slot: number, isOk: boolean, pauseMs: number): void => {
    if (isOver) return;
    if (isOk) {
      lastGoodNs = nowNs();
      proceed(slot);
      return;
    }
    const key = doing.get(slot) ?? 0;
    if (nowNs() - lastGoodNs <= deadlineMs * 1e6) {
      setTimeout(() => again(slot, key), pauseMs);
      return;
    }
    isOver = true;
    reject(
      new Error(
        `expected to write the keys before the round, but no write has succeeded for ${deadlineMs / 1000} s; does the system work?`,
      ),
    );
  };
  // Not before the owner has what it needs to hear of the answers.
  queueMicrotask(() => {
    for (let slot = 0; slot < slots; slot++) proceed(slot);
  });
  return {
    done,
    free,
    cancel: () => {
      isOver = true;
      resolve(undefined);
    },
  };
}
