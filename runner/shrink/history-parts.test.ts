import { expect, it } from 'vitest';
import type { OpEvent } from '../../core/event.ts';
import { historyOf } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';
import { historyParts } from './history-parts.ts';

const names = (events: readonly [op: string, asked: Json, got: Json][]) =>
  events.flatMap(([op, asked, got], process): OpEvent[] => [
    { index: 2 * process, timeNs: 2 * process, process, phase: 'invoke', op, key: 1, value: asked },
    {
      index: 2 * process + 1,
      timeNs: 2 * process + 1,
      process,
      phase: 'ok',
      op,
      key: 1,
      value: got,
    },
  ]);

const parts = historyParts(
  historyOf(
    names([
      ['write', 1, 1],
      ['cas', [1, 2], [1, 2]],
      ['read', null, 2],
      ['write', 3, 3],
      ['read', null, 3],
    ]),
  ),
);

it('a read goes alone', () => {
  const left = parts.operations.filter((_, at) => at !== 2);
  expect(parts.closed(left)).toEqual(left);
});

it('a write goes with all that speaks of it, and of what was made of it', () => {
  const left = parts.operations.slice(1);
  expect(parts.closed(left)).toEqual(parts.operations.slice(3));
});

it('what is left is a history of its own, with places counted from 0', () => {
  const events = [...parts.historyOf(parts.operations.slice(3)).events()];
  expect(events.map(({ index, timeNs }) => [index, timeNs])).toEqual([
    [0, 6],
    [1, 7],
    [2, 8],
    [3, 9],
  ]);
});
