import { batchLimit } from './settings.ts';

export interface PageOptions {
  readonly from: number;
  /** The last slot that there is, or may be told of. */
  readonly until: number;
  /** The most commands in a message. */
  readonly maxBatch: number;
  readonly isNoOp: (slot: number) => boolean;
}

/** What one message tells of. `next` is where the page after it begins; 0 when this is the last. */
export interface Page {
  readonly from: number;
  readonly next: number;
  /** Whether the page after it comes without being asked for. */
  readonly goesOn: boolean;
}

/**
 * So many pages answer one question, one after the other: where each waited for its own, a long tail in
 * small messages would take as many round trips as it has messages, and a cluster half a minute to elect.
 */
export function pagesOf(
  options: PageOptions & { readonly most: number },
): readonly (Page & { readonly through: number })[] {
  const { until, most } = options;
  const pages: (Page & { readonly through: number })[] = [];
  let { from } = options;
  do {
    const through = lastOfPage({ ...options, from });
    const next = through < until ? through + 1 : 0;
    pages.push({ from, next, through, goesOn: next > 0 && pages.length + 1 < most });
    from = next;
  } while (pages.at(-1)?.goesOn === true);
  return pages;
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
