import type { KeyChoice, Mix } from '../core/bench.ts';

/** A workload by name: what share of the operations is what, on which keys. */
export interface MixEntry {
  readonly name: string;
  readonly summary: string;
  readonly shares: Readonly<Record<string, number>>;
  /** Unless told otherwise. */
  readonly distribution: KeyChoice['distribution'];
}

/**
 * The core workloads of YCSB (Cooper et al., "Benchmarking cloud serving systems with YCSB", SoCC 2010,
 * section 4), as far as a key-value store can express them: a record is one value and not ten fields; a
 * scan, which such a store has not, is as many reads in turn of the keys that follow, under one latency;
 * a modify is a read and then a write of the same key, which are not atomic in YCSB either.
 */
export const mixes: readonly MixEntry[] = [
  {
    ...{ name: 'ycsb-a', distribution: 'zipf' },
    summary: 'update heavy: half reads, half writes',
    shares: { read: 0.5, write: 0.5 },
  },
  {
    ...{ name: 'ycsb-b', distribution: 'zipf' },
    summary: 'read mostly: 95 % reads, 5 % writes',
    shares: { read: 0.95, write: 0.05 },
  },
  {
    ...{ name: 'ycsb-c', distribution: 'zipf' },
    summary: 'reads only',
    shares: { read: 1 },
  },
  {
    ...{ name: 'ycsb-d', distribution: 'latest' },
    summary: 'read latest: 95 % reads of new keys, 5 % inserts',
    shares: { read: 0.95, insert: 0.05 },
  },
  {
    ...{ name: 'ycsb-e', distribution: 'zipf' },
    summary: 'short ranges: 95 % scans of up to 100 keys, as so many reads in turn; 5 % inserts',
    shares: { scan: 0.95, insert: 0.05 },
  },
  {
    ...{ name: 'ycsb-f', distribution: 'zipf' },
    summary: 'read, modify, write: half reads, half a read and then a write of the same key',
    shares: { read: 0.5, modify: 0.5 },
  },
];

/** Reads and writes in this ratio. */
export function mixOfRatio(readRatio: number): Mix {
  const shares = { read: readRatio, write: 1 - readRatio };
  const used = Object.entries(shares).filter(([, share]) => share > 0);
  return { name: `r${readRatio}`, shares: Object.fromEntries(used) };
}
