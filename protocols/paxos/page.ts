import { batchLimit } from './settings.ts';

export interface PageOptions {
  readonly from: number;
  /** The last slot that there is, or may be told of. */
  readonly until: number;
  /** The most commands in a message. */
  readonly maxBatch: number;
  readonly isNoOp: (slot: number) => boolean;
}

/**
 * The last slot of a message that begins with `from`. No-ops do not count, for they weigh next to
 * nothing, and a change of members leaves α of them behind: with few commands in a message they would
 * hold up for a minute whatever follows them.
 */
export function lastOfPage({ from, until, maxBatch, isNoOp }: PageOptions): number {
  const last = Math.min(until, from + batchLimit - 1);
  let commands = 0;
  for (let slot = from; slot <= last; slot++) {
    if (!isNoOp(slot) && ++commands > maxBatch) return slot - 1;
  }
  return last;
}
