import type { RaftConfig } from './config.ts';
import { type Entry, type RaftLog, entriesBetween, entryAt, lastIndexOf } from './log.ts';

/** The entries from `index` on that fit one message: at least one, if there is one. */
export function batchAt(log: RaftLog, index: number, config: RaftConfig): Entry[] {
  const end = Math.min(lastIndexOf(log), index + config.maxBatch - 1);
  let bytes = 0;
  let until = index - 1;
  while (until < end) {
    bytes += sizeOf(entryAt(log, until + 1)?.command);
    if (bytes > config.maxBatchBytes && until >= index) break;
    until += 1;
  }
  return entriesBetween(log, index, until);
}

/** About how many bytes plain data takes on the wire. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 3;
  if (typeof value !== 'object' || value === null) return 9;
  let bytes = 3;
  const parts = value as Readonly<Record<string, unknown>>;
  for (const name in parts) bytes += name.length + 1 + sizeOf(parts[name]);
  return bytes;
}
