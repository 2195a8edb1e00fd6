import { describe, expect, it } from 'vitest';
import { lastOfPage, pagesOf } from './page.ts';

it.each([
  { holds: 'as many commands as a message', values: 'abcd', from: 1, maxBatch: 2, last: 2 },
  { holds: 'no-ops between them and after', values: '--a-b--cd', from: 1, maxBatch: 2, last: 7 },
  { holds: 'no-ops alone', values: '------', from: 1, maxBatch: 1, last: 6 },
  { holds: 'what is left', values: 'abc', from: 3, maxBatch: 2, last: 3 },
  { holds: 'nothing where there is nothing', values: 'abc', from: 4, maxBatch: 2, last: 3 },
])('a page holds $holds', ({ values, from, maxBatch, last }) => {
  const isNoOp = (slot: number): boolean => values[slot - 1] === '-';
  expect(lastOfPage({ from, until: values.length, maxBatch, isNoOp })).toBe(last);
});

describe('an answer', () => {
  const pages = (from: number, until: number, most: number) =>
    pagesOf({ from, until, most, maxBatch: 2, isNoOp: () => false });

  it('of several pages says of each but the last that it goes on', () => {
    expect(pages(1, 5, 8)).toEqual([
      { from: 1, through: 2, next: 3, goesOn: true },
      { from: 3, through: 4, next: 5, goesOn: true },
      { from: 5, through: 5, next: 0, goesOn: false },
    ]);
  });

  it('ends after so many, and says where to ask for more', () => {
    expect(pages(1, 9, 2)).toEqual([
      { from: 1, through: 2, next: 3, goesOn: true },
      { from: 3, through: 4, next: 5, goesOn: false },
    ]);
  });

  it('is a page of nothing where there is nothing', () => {
    expect(pages(6, 5, 8)).toEqual([{ from: 6, through: 5, next: 0, goesOn: false }]);
  });
});
