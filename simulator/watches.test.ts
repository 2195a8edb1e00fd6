import { expect, it } from 'vitest';
import type { Breach, Invariant } from '../core/invariant.ts';
import { watches } from './watches.ts';

it('watches tell of the first breach of each invariant, and of no other', () => {
  const below = (limit: number): Invariant<number> => ({
    name: `below ${limit}`,
    summary: '',
    watch: () => ({
      look: (_, state) => (state < limit ? null : `${state}`),
      atRest: (states) => (states.size < limit ? null : `${states.size} nodes`),
    }),
  });
  const breaches: Breach[] = [];
  let nowNs = 0;
  const eyes = watches(
    [below(3), below(5), below(2)],
    () => nowNs,
    (breach) => breaches.push(breach),
  );
  for (const state of [1, 4, 4, 6]) {
    nowNs++;
    eyes.look('n1', state);
  }
  expect(breaches.map(({ invariant, timeNs, summary }) => [invariant, timeNs, summary])).toEqual([
    ['below 3', 2, '4'],
    ['below 2', 2, '4'],
    ['below 5', 4, '6'],
  ]);
  const resting: Breach[] = [];
  watches(
    [below(1)],
    () => 9,
    (breach) => resting.push(breach),
  ).atRest(new Map([['n1', 0]]));
  expect(resting).toEqual([{ invariant: 'below 1', timeNs: 9, summary: '1 nodes' }]);
});
