import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageOf } from './messages.ts';
import { pagesOf } from './page.ts';
import { entryAt, lastSlot, slotLog } from './slot-log.ts';
import type { Promises } from './state.ts';
import { takePage } from './take-page.ts';

type Page = MessageOf<'promise'>;

const ballot = { round: 7, node: 'n1' };

function pagesOfTail(length: number, most = Infinity): readonly Page[] {
  const all = { from: 1, until: length, most, maxBatch: 1, isNoOp: () => false };
  return pagesOf(all).map(({ from, next, goesOn }) => {
    const reports = [[from, 1, 'n2', `command ${from}`]] as const;
    return { kind: 'promise', ballot, from, next, goesOn, reports };
  });
}

function asked(): Promises {
  return { nodes: [], pages: { n2: 1 }, ahead: {}, reports: slotLog(0) };
}

describe('the pages of a promise', () => {
  it('are all there when the last one that was lacking has come, in whatever order they do', () => {
    const orders = fc
      .integer({ min: 1, max: 12 })
      .chain((length) => fc.shuffledSubarray([...pagesOfTail(length)], { minLength: length }));
    fc.assert(
      fc.property(orders, fc.nat(), (pages, again) => {
        const promises = asked();
        const echo = pages[again % pages.length]!;
        for (const [at, page] of [...pages, echo].entries()) {
          const last = takePage(promises, 'n2', page);
          expect(last?.next === 0).toBe(at === pages.length - 1);
        }
        expect(promises.pages).toEqual({ n2: 0 });
        expect(promises.ahead).toEqual({ n2: [] });
        expect(lastSlot(promises.reports)).toBe(pages.length);
        for (const { from } of pages) {
          expect(entryAt(promises.reports, from)?.command).toBe(`command ${from}`);
        }
      }),
    );
  });

  it('of whoever was not asked are echoes', () => {
    const promises = asked();
    for (const page of pagesOfTail(3)) expect(takePage(promises, 'n3', page)).toBeUndefined();
    expect(lastSlot(promises.reports)).toBe(0);
  });

  it('tell where to ask on after the last of an answer', () => {
    const promises = asked();
    const [first, second] = pagesOfTail(9, 2);
    expect(takePage(promises, 'n2', second!)).toBeUndefined();
    expect(takePage(promises, 'n2', first!)).toEqual({ from: 2, next: 3, goesOn: false });
    expect(promises.pages.n2).toBe(3);
  });
});
