import type { Clock } from '../../core/clock.ts';
import type { LoadClient, LoadTarget } from '../../core/load-client.ts';
import { type Rng, rngOf } from '../../core/rng.ts';
import type { System } from '../../core/system.ts';
import type { ThreadJob } from '../job.ts';
import type { JournalEncoder } from '../journal/encoder.ts';
import { type OperationName, partFlag, preloadFlag, tagOf } from '../journal/codes.ts';
import { keySource } from '../keys/key-source.ts';
import { valuesOf } from '../values.ts';
import { loadClient } from './adapter.ts';

/** A thread's clients. Whoever owns it says when each begins its next operation. */
export interface Fleet {
  /** Begins an operation of the mix. `dueNs` is -1 where it is due when it begins. */
  begin(slot: number, dueNs: number): void;
  /** Writes a key before the clients of the round begin. */
  preload(slot: number, key: number): void;
  /** Ends what takes longer than it may. */
  sweep(): void;
  /** Of the operations that count. */
  readonly tally: { ok: number; errors: number };
  readonly busy: number;
  close(): void;
}

export interface FleetOptions {
  readonly job: ThreadJob;
  readonly system: System;
  readonly slots: number;
  /** Place of the thread's first client among all clients of the round. */
  readonly firstClient: number;
  readonly targets: readonly LoadTarget[];
  readonly clock: Clock;
  readonly nowNs: () => number;
  readonly encoder: JournalEncoder;
  /** A client has nothing to do. `pauseMs` is how long it should rest first, after something went wrong. */
  readonly onFree: (slot: number, isOk: boolean, pauseMs: number) => void;
}

/** A client, and what it is doing. */
interface Slot {
  readonly index: number;
  client: LoadClient;
  target: number;
  /** Of the operation itself, and of the part of it that is under way; the same where it has no parts. */
  tag: number;
  partTag: number;
  key: number;
  partsLeft: number;
  isBusy: boolean;
  sentNs: number;
  /** In a row. */
  failures: number;
}

/** The longest scan, as in YCSB. */
const longestScan = 100;

const tags = {
  read: tagOf('read'),
  write: tagOf('write'),
  insert: tagOf('insert'),
  scan: tagOf('scan'),
  modify: tagOf('modify'),
  readPart: tagOf('read', partFlag),
  writePart: tagOf('write', partFlag),
  preload: tagOf('write', preloadFlag),
};

export function fleetOf(options: FleetOptions): Fleet {
  const { job, system, slots: count, targets, encoder, nowNs, clock, onFree } = options;
  const { thread, threads, settings, timeoutMs } = job;
  const rng = rngOf(job.seed, `operations of thread ${thread}`);
  const values = valuesOf(job.valueBytes);
  const keyCount = new Int32Array(job.keyCount);
  const keys = keySource({
    ...{ choice: job.keys, seed: job.seed, rng: rng.split('keys') },
    countNow: () => Atomics.load(keyCount, 0),
  });
  const drawName = namesBy(job.mix.shares, rng.split('names'));
  const tally = { ok: 0, errors: 0 };
  let busy = 0;
  let written = 0;

  const connect = (index: number, target: number): LoadClient => {
    const at = targets[target % targets.length];
    if (at === undefined) throw new Error('expected at least one node to talk to, got none');
    const slot = (): Slot => slots[index] as Slot;
    return loadClient(system, at, {
      ...{ settings, timeoutMs, clock },
      onEnd: (phase, result, error) => {
        if (phase === 'ok') ended(slot(), result);
        else lost(slot(), phase, error);
      },
    });
  };
  const slots: Slot[] = Array.from({ length: count }, (_, index) => ({
    ...{ index, target: options.firstClient + index },
    client: connect(index, options.firstClient + index),
    ...{ tag: 0, partTag: 0, key: 0, partsLeft: 0, isBusy: false, sentNs: 0, failures: 0 },
  }));

  const take = (index: number, tag: number): Slot => {
    const slot = slots[index];
    if (slot === undefined || slot.isBusy) throw new Error(`expected client ${index} to be idle`);
    slot.isBusy = true;
    slot.tag = tag;
    slot.partsLeft = 0;
    busy++;
    return slot;
  };
  const read = (slot: Slot, tag: number, key: number, dueNs: number): void => {
    slot.partTag = tag;
    encoder.invoke(tag, slot.index, key, -1, dueNs);
    slot.sentNs = encoder.lastNs;
    slot.client.read(keyText(key));
  };
  const write = (slot: Slot, tag: number, key: number, dueNs: number): void => {
    slot.partTag = tag;
    const value = written++ * threads + thread;
    encoder.invoke(tag, slot.index, key, value, dueNs);
    slot.sentNs = encoder.lastNs;
    slot.client.write(keyText(key), values.textOf(value));
  };

  /** The part that was under way has been answered; the operation may have others. */
  const ended = (slot: Slot, result: string | null): void => {
    const isRead = slot.partTag === tags.read || slot.partTag === tags.readPart;
    const found = !isRead || result === null ? -1 : values.numberOf(result);
    encoder.ok(slot.partTag, slot.index, found);
    slot.failures = 0;
    if (slot.partsLeft > 0) {
      nextPart(slot);
      return;
    }
    if (slot.partTag !== slot.tag) encoder.ok(slot.tag, slot.index, -1);
    if (slot.tag !== tags.preload) tally.ok++;
    free(slot, true);
  };
  const nextPart = (slot: Slot): void => {
    slot.partsLeft--;
    if (slot.tag === tags.modify) write(slot, tags.writePart, slot.key, -1);
    else read(slot, tags.readPart, ++slot.key, -1);
  };
  const lost = (slot: Slot, phase: 'fail' | 'info', error: string): void => {
    encoder.lost(slot.partTag, slot.index, phase, error);
    if (slot.partTag !== slot.tag) encoder.lost(slot.tag, slot.index, phase, error);
    if (slot.tag !== tags.preload) tally.errors++;
    slot.failures++;
    // As a client would that knows all nodes: the next one may be better off.
    slot.client.close();
    slot.client = connect(slot.index, ++slot.target);
    free(slot, false);
  };
  const free = (slot: Slot, isOk: boolean): void => {
    slot.isBusy = false;
    busy--;
    onFree(slot.index, isOk, isOk ? 0 : pauseAfter(slot.failures));
  };

  return {
    begin(index, dueNs) {
      const name = drawName();
      const slot = take(index, tags[name]);
      const key = name === 'insert' ? Atomics.add(keyCount, 0, 1) : keys.next();
      if (name === 'read') read(slot, tags.read, key, dueNs);
      else if (name === 'scan' || name === 'modify') {
        encoder.invoke(slot.tag, index, key, -1, dueNs);
        slot.key = key;
        slot.partsLeft = name === 'modify' ? 1 : scanLength(rng, key, keyCount) - 1;
        read(slot, tags.readPart, key, -1);
      } else write(slot, slot.tag, key, dueNs);
    },
    preload(index, key) {
      write(take(index, tags.preload), tags.preload, key, -1);
    },
    sweep() {
      const now = nowNs();
      for (const slot of slots) {
        if (!slot.isBusy || now - slot.sentNs < timeoutMs * 1e6) continue;
        slot.client.abandon(`no answer within ${timeoutMs} ms`);
      }
    },
    tally,
    get busy() {
      return busy;
    },
    close: () => {
      for (const slot of slots) slot.client.close();
    },
  };
}

type Drawn = Exclude<OperationName, 'cas'>;

/** Names by their shares. */
function namesBy(shares: Readonly<Record<string, number>>, rng: Rng): () => Drawn {
  const entries = Object.entries(shares) as [Drawn, number][];
  const [first = 'read'] = entries.map(([name]) => name);
  if (entries.length === 1) return () => first;
  const whole = entries.reduce((sum, [, share]) => sum + share, 0);
  return () => {
    let draw = rng.float() * whole;
    for (const [name, share] of entries) {
      draw -= share;
      if (draw < 0) return name;
    }
    return first;
  };
}

/** Uniform, as in YCSB, but not beyond the last key that there is. */
function scanLength(rng: Rng, from: number, keyCount: Int32Array): number {
  return Math.max(1, Math.min(rng.int(1, longestScan), Atomics.load(keyCount, 0) - from));
}

const keyText = (key: number): string => `k${key}`;

/** Nobody hammers a node that is down. */
function pauseAfter(failures: number): number {
  return Math.min(100, 5 * 2 ** Math.min(failures - 1, 10));
}
