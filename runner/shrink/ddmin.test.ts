import { assert, array, asyncProperty, integer, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ddmin } from './ddmin.ts';

type Wanted = readonly (readonly number[])[];

/** Fails where the list holds all of one of the groups: a test that is not monotone in any simple way. */
const holdsAGroup =
  (groups: Wanted) =>
  (left: readonly number[]): Promise<boolean> =>
    Promise.resolve(groups.some((group) => group.every((item) => left.includes(item))));

const items = uniqueArray(integer({ min: 0, max: 20 }), { maxLength: 12 });
const groupsOf = array(array(integer({ min: 0, max: 20 }), { maxLength: 4 }), { maxLength: 4 });

describe('ddmin', () => {
  it('leaves a list from which no single item can be taken', async () => {
    const property = asyncProperty(items, groupsOf, async (list, groups) => {
      const fails = holdsAGroup([...groups, list]);
      const left = await ddmin(list, fails);
      expect(await fails(left)).toBe(true);
      expect(list.filter((item) => left.includes(item))).toEqual(left);
      for (const item of left) {
        expect(await fails(left.filter((other) => other !== item))).toBe(false);
      }
    });
    await assert(property);
  });

  it('finds the smallest of all sub-lists where one group alone matters', async () => {
    const property = asyncProperty(items, async (list) => {
      const group = list.filter((item) => item % 3 === 0);
      expect(await ddmin(list, holdsAGroup([group]))).toEqual(smallest(list, group));
    });
    await assert(property);
  });

  it('asks no more than n² + 3n times, and 2n times of a test that always refuses', async () => {
    const property = asyncProperty(items, groupsOf, async (list, groups) => {
      const fails = holdsAGroup([...groups, list]);
      let asked = 0;
      await ddmin(list, (left) => (asked++, fails(left)));
      expect(asked).toBeLessThanOrEqual(list.length ** 2 + 3 * list.length);
    });
    await assert(property);
    let asked = 0;
    const list = Array.from({ length: 1000 }, (_, at) => at);
    expect(await ddmin(list, () => Promise.resolve(++asked < 0))).toEqual(list);
    expect(asked).toBeLessThanOrEqual(2100);
  });
});

/** By brute force: the shortest sub-list that holds the group. */
function smallest(list: readonly number[], group: readonly number[]): readonly number[] {
  let best = list;
  for (let mask = 0; mask < 2 ** list.length; mask++) {
    const part = list.filter((_, at) => (mask >> at) & 1);
    if (part.length < best.length && group.every((item) => part.includes(item))) best = part;
  }
  return best;
}
