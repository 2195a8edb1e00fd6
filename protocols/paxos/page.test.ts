import { expect, it } from 'vitest';
import { lastOfPage } from './page.ts';

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
