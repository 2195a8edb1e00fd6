import type { ConsensusEffect, ConsensusOptions, ConsensusSnapshot } from '../consensus.ts';

type Durable = ConsensusOptions['durable'];

/** A `persist` or a `compact`. */
export type DiskWrite = Extract<ConsensusEffect<unknown>, { readonly kind: 'persist' | 'compact' }>;

/**
 * One node's disk: numbered writes, of which only synced ones survive. One sync serves every write
 * that waits when it begins (group commit).
 */
export interface Disk {
  /** The number of the last write, and of the last durable one; both count from the node's start. */
  readonly written: number;
  readonly synced: number;
  write(effect: DiskWrite): number;
  /** Makes every write up to this number durable. */
  sync(number: number): void;
  /**
   * The node goes down. Un-synced records are lost, except the first `keep` of them: a disk may have
   * written on its own what it was not yet told to sync, and a crash may fall between two records of
   * one persist. A compaction is kept wholly or not at all, and counts as one record.
   */
  crash(keep: number): void;
  /** How many records `crash` could keep. */
  unsynced(): number;
  durable(): Durable;
}

export function diskOf(): Disk {
  let snapshot: ConsensusSnapshot | undefined;
  let records: unknown[] = [];
  let waiting: { readonly number: number; readonly effect: DiskWrite }[] = [];
  let written = 0;
  let synced = 0;

  const store = (effect: DiskWrite): void => {
    if (effect.kind === 'persist') {
      for (const record of effect.records) records.push(record);
    } else {
      snapshot = effect.snapshot;
      records = [...effect.records];
    }
  };

  return {
    get written() {
      return written;
    },
    get synced() {
      return synced;
    },
    write(effect) {
      written += 1;
      waiting.push({ number: written, effect });
      return written;
    },
    sync(number) {
      for (const write of waiting) if (write.number <= number) store(write.effect);
      waiting = waiting.filter((write) => write.number > number);
      synced = Math.max(synced, number);
    },
    unsynced: () => waiting.reduce((sum, write) => sum + weight(write.effect), 0),
    crash(keep) {
      let left = keep;
      for (const { effect } of waiting) {
        if (left <= 0) break;
        store(
          effect.kind === 'persist'
            ? { ...effect, records: effect.records.slice(0, left) }
            : effect,
        );
        left -= weight(effect);
      }
      waiting = [];
      written = 0;
      synced = 0;
    },
    durable: () => ({ ...(snapshot === undefined ? {} : { snapshot }), records: [...records] }),
  };
}

function weight(effect: DiskWrite): number {
  return effect.kind === 'persist' ? effect.records.length : 1;
}
