import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cloud, sample } from './sampling.ts';

/** Points as [cell, weight]; cells in groups of four. */
function cloudOf(points: readonly (readonly [number, number])[], busy: readonly boolean[]): Cloud {
  return {
    length: points.length,
    cells: 12,
    cellOf: (at) => points[at]![0],
    groups: 3,
    groupOf: (cell) => Math.floor(cell / 4),
    weightOf: (at) => points[at]![1],
    isBusy: (cell) => busy[cell] ?? false,
  };
}

const points = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 0, max: 99 })),
  {
    maxLength: 400,
  },
);
const busy = fc.array(fc.boolean(), { minLength: 12, maxLength: 12 });
const limit = fc.integer({ min: 12, max: 100 });

describe('the sample of a cloud of points', () => {
  it('is in order, without doubles, and never over the limit', () => {
    fc.assert(
      fc.property(points, busy, limit, (all, busyCells, most) => {
        const chosen = [...sample(cloudOf(all, busyCells), most)];
        expect(chosen.length).toBeLessThanOrEqual(Math.max(most, 0));
        expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b));
      }),
    );
  });

  it('is everything where everything fits', () => {
    fc.assert(
      fc.property(points, busy, (all, busyCells) => {
        expect(sample(cloudOf(all, busyCells), 400)).toHaveLength(all.length);
      }),
    );
  });

  it('keeps a point of every cell, and the heaviest point of every group', () => {
    fc.assert(
      fc.property(points, busy, limit, (all, busyCells, most) => {
        const cloud = cloudOf(all, busyCells);
        const chosen = [...sample(cloud, most)];
        const cells = (indexes: readonly number[]) =>
          new Set(indexes.map((at) => cloud.cellOf(at)));
        expect(cells(chosen)).toEqual(cells([...all.keys()]));
        for (let group = 0; group < 3; group++) {
          const heaviest = (indexes: readonly number[]) =>
            Math.max(
              ...indexes
                .filter((at) => cloud.groupOf(cloud.cellOf(at)) === group)
                .map((at) => cloud.weightOf(at)),
            );
          expect(heaviest(chosen)).toBe(heaviest([...all.keys()]));
        }
      }),
    );
  });

  it('keeps sparse cells whole while it thins crowded ones', () => {
    const crowd = Array.from({ length: 1000 }, (_, at): [number, number] => [0, at]);
    const outliers: [number, number][] = [
      [5, 1],
      [5, 2],
      [9, 3],
    ];
    const chosen = sample(cloudOf([...crowd, ...outliers], []), 60);
    expect([...chosen].slice(-3)).toEqual([1000, 1001, 1002]);
    expect(chosen.length).toBeGreaterThan(55);
  });
});
