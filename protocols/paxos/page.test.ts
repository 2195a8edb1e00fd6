import { expect, it } from 'vitest';
import { lastOfPage } from './page.ts';

const through = (values: string, from: number, maxBatch: number): number =>
  lastOfPage({
    ...{ from, until: values.length, maxBatch },
    isNoOp: (slot) => values[slot - 1] === '-',
  });

it.each([
  ['as many commands as a message holds', 'abcd', 1, 2, 2],
  ['no-ops before, between and after them', '--a-b--cd', 1, 2, 7],
  ['no-ops alone', '------', 1, 1, 6],
  ['what is left', 'abc', 3, 2, 3],
  ['nothing where there is nothing', 'abc', 4, 2, 3],
])('a page holds %s', (_, values, from, maxBatch, last) => {
  expect(through(values, from, maxBatch)).toBe(last);
});
