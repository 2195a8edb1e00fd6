import type { NodeId } from '../../core/node-id.ts';
import { compareBallots } from './ballot.ts';
import type { MessageOf } from './messages.ts';
import type { Page } from './page.ts';
import { entryAt, placeEntry } from './slot-log.ts';
import type { Promises } from './state.ts';

/**
 * Takes a page of a peer's promise. Whatever its place, what it reports was accepted before the promise.
 * But only when all pages before one have come is it known what is in them: returns the last page up to
 * which nothing is lacking, or undefined where that is none that was not there before.
 */
export function takePage(
  promises: Promises,
  from: NodeId,
  message: MessageOf<'promise'>,
): Page | undefined {
  const { pages, ahead } = promises;
  // A page of somebody who was not asked, or which is there already, is an echo.
  if (message.from < (pages[from] ?? Infinity) || pages[from] === 0) return undefined;
  takeReports(promises, message);
  const { next, goesOn } = message;
  const waiting: Page[] = [...(ahead[from] ?? []), { from: message.from, next, goesOn }];
  const placeOfAwaited = (): number => waiting.findIndex((page) => page.from === pages[from]);
  let last: Page | undefined;
  for (let place = placeOfAwaited(); place >= 0; place = placeOfAwaited()) {
    [last] = waiting.splice(place, 1);
    pages[from] = last?.next ?? 0;
  }
  const lacking = pages[from] ?? 0;
  ahead[from] = lacking === 0 ? [] : waiting.filter((page) => page.from > lacking);
  return last;
}

function takeReports({ reports }: Promises, message: MessageOf<'promise'>): void {
  for (const [slot, round, node, command] of message.reports) {
    if (slot <= reports.base) continue;
    const ballot = { round, node };
    const best = entryAt(reports, slot);
    if (best !== undefined && compareBallots(best.ballot, ballot) >= 0) continue;
    placeEntry(reports, slot, { ballot, command });
  }
}
