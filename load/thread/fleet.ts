import type { Clock } from '../../core/clock.ts';
import type { LoadClient, LoadTarget } from '../../core/load-client.ts';
import { type Rng, rngOf } from '../../core/rng.ts';
import type { System } from '../../core/system.ts';
import type { ThreadJob } from '../job.ts';
import type { JournalEncoder } from '../journal/encoder.ts';
import { type KeySource, keySource } from '../keys/key-source.ts';
import { type Values, valuesOf } from '../values.ts';
import { loadClient } from './adapter.ts';
import { type MixedName, namesBy } from './operation-names.ts';
import { type Slot, idleSlot, tags } from './slot.ts';

/** A thread's clients. Whoever owns it says when each begins its next operation. */
export interface Fleet {
  /** Begins an operation of the mix. `dueNs` is -1 where it is due when it begins. */
  begin(slot: number, dueNs: number): void;
  /** Writes a key before the clients of the round begin. */
  preload(slot: number, key: number): void;
  /** Ends what takes longer than it may. */
  sweep(): void;
  /** Of the operations that count. */
  readonly tally: { readonly ok: number; readonly errors: number };
  /** Operations under way. */
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
  readonly encoder: JournalEncoder;
  /** A client has nothing to do. `pauseMs` is how long it should rest first, after something went wrong. */
  readonly onFree: (slot: number, isOk: boolean, pauseMs: number) => void;
}

/** What an operation needs, made once for all of them. */
interface Running {
  readonly options: FleetOptions;
  readonly slots: Slot[];
  readonly values: Values;
  readonly keys: KeySource;
  readonly keyCount: Int32Array;
  readonly drawName: () => MixedName;
  readonly scanLengths: Rng;
  readonly tally: { ok: number; errors: number };
  busy: number;
  written: number;
}

/** The longest scan, as in YCSB. */
const longestScan = 100;

export function fleetOf(options: FleetOptions): Fleet {
  const { job, slots, firstClient, clock } = options;
  const rng = rngOf(job.seed, `operations of thread ${job.thread}`);
  const keyCount = new Int32Array(job.keyCount);
  const running: Running = {
    ...{ options, keyCount, slots: [], values: valuesOf(job.valueBytes) },
    keys: keySource({
      ...{ choice: job.keys, seed: job.seed, rng: rng.split('keys') },
      countNow: () => Atomics.load(keyCount, 0),
    }),
    drawName: namesBy(job.mix.shares, rng.split('names')),
    ...{ scanLengths: rng.split('scans'), tally: { ok: 0, errors: 0 }, busy: 0, written: 0 },
  };
  for (let index = 0; index < slots; index++) {
    const target = firstClient + index;
    running.slots.push(idleSlot(index, target, connect(running, index, target)));
  }
  return {
    begin: (index, dueNs) => begin(running, index, dueNs),
    preload(index, key) {
      const slot = take(running, index, tags.preload);
      slot.key = key;
      slot.dueNs = -1;
      write(running, slot, tags.preload);
    },
    sweep: () => sweep(running, clock.nowNs()),
    tally: running.tally,
    get busy() {
      return running.busy;
    },
    close: () => {
      for (const { client } of running.slots) client.close();
    },
  };
}

function connect(running: Running, index: number, place: number): LoadClient {
  const { system, targets, clock, job } = running.options;
  const target = targets[place % targets.length];
  if (target === undefined) throw new Error('expected at least one node to talk to, got none');
  return loadClient(system, target, {
    ...{ settings: job.settings, timeoutMs: job.timeoutMs, clock },
    onEnd: (phase, result, error) => {
      const slot = running.slots[index] as Slot;
      if (phase === 'ok') answered(running, slot, result);
      else lost(running, slot, phase, error);
    },
  });
}

function begin(running: Running, index: number, dueNs: number): void {
  const name = running.drawName();
  const slot = take(running, index, tags[name]);
  slot.dueNs = dueNs;
  slot.key = name === 'insert' ? Atomics.add(running.keyCount, 0, 1) : running.keys.next();
  if (name === 'write' || name === 'insert') {
    write(running, slot, slot.tag);
    return;
  }
  if (name === 'read') {
    read(running, slot, tags.read);
    return;
  }
  slot.value = -1;
  running.options.encoder.invoke(slot.tag, slot);
  slot.dueNs = -1;
  slot.partsLeft = name === 'modify' ? 1 : scanLength(running, slot.key) - 1;
  read(running, slot, tags.readPart);
}

function take(running: Running, index: number, tag: number): Slot {
  const slot = running.slots[index];
  if (slot === undefined || slot.isBusy) throw new Error(`expected client ${index} to be idle`);
  slot.isBusy = true;
  slot.tag = tag;
  slot.partsLeft = 0;
  running.busy++;
  return slot;
}

function read({ options: { encoder } }: Running, slot: Slot, tag: number): void {
  slot.partTag = tag;
  slot.value = -1;
  encoder.invoke(tag, slot);
  slot.sentNs = encoder.lastNs;
  slot.client.read(keyText(slot.key));
}

function write(running: Running, slot: Slot, tag: number): void {
  const { encoder, job } = running.options;
  slot.partTag = tag;
  slot.value = running.written++ * job.threads + job.thread;
  encoder.invoke(tag, slot);
  slot.sentNs = encoder.lastNs;
  slot.client.write(keyText(slot.key), running.values.textOf(slot.value));
}

/** The part that was under way has its answer; the operation may have others. */
function answered(running: Running, slot: Slot, result: string | null): void {
  const { encoder } = running.options;
  const isRead = slot.partTag === tags.read || slot.partTag === tags.readPart;
  const found = !isRead || result === null ? -1 : running.values.numberOf(result);
  encoder.ok(slot.partTag, slot.index, found);
  slot.failures = 0;
  if (slot.partsLeft > 0) {
    nextPart(running, slot);
    return;
  }
  if (slot.partTag !== slot.tag) encoder.ok(slot.tag, slot.index, -1);
  if (slot.tag !== tags.preload) running.tally.ok++;
  free(running, slot, true);
}

function nextPart(running: Running, slot: Slot): void {
  slot.partsLeft--;
  if (slot.tag === tags.modify) {
    write(running, slot, tags.writePart);
    return;
  }
  slot.key++;
  read(running, slot, tags.readPart);
}

function lost(running: Running, slot: Slot, phase: 'fail' | 'info', error: string): void {
  const { encoder } = running.options;
  encoder.lost(slot.partTag, slot.index, phase, error);
  // A modify whose write is in doubt is in doubt itself; one that failed did nothing.
  if (slot.partTag !== slot.tag) encoder.lost(slot.tag, slot.index, phase, error);
  if (slot.tag !== tags.preload) running.tally.errors++;
  slot.failures++;
  // As a client would that knows all nodes: the next one may be better off.
  slot.client.close();
  slot.client = connect(running, slot.index, ++slot.target);
  free(running, slot, false);
}

function free(running: Running, slot: Slot, isOk: boolean): void {
  slot.isBusy = false;
  running.busy--;
  running.options.onFree(slot.index, isOk, isOk ? 0 : pauseAfter(slot.failures));
}

function sweep({ slots, options: { job } }: Running, nowNs: number): void {
  for (const slot of slots) {
    if (!slot.isBusy || nowNs - slot.sentNs < job.timeoutMs * 1e6) continue;
    slot.client.abandon(`no answer within ${job.timeoutMs} ms`);
  }
}

/** Uniform, as in YCSB, but not beyond the last key that there is. */
function scanLength({ scanLengths, keyCount }: Running, from: number): number {
  return Math.max(1, Math.min(scanLengths.int(1, longestScan), Atomics.load(keyCount, 0) - from));
}

const keyText = (key: number): string => `k${key}`;

/** Nobody hammers a node that is down. */
function pauseAfter(failures: number): number {
  return Math.min(100, 5 * 2 ** Math.min(failures - 1, 10));
}
