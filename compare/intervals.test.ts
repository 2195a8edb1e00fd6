import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rngOf } from '../core/rng.ts';
import { normalDraw } from './draws.ts';
import { type Measured, fewestRounds, intervalsOf } from './intervals.ts';

const few = { confidence: 0.95, resamples: 400 } as const;

function measured(part: Partial<Measured>): Measured {
  const values = { baseline: [98, 100, 102], candidate: [98, 100, 102] };
  return { ...values, paired: false, effect: 'ratio', beyondRounds: 0, ...part };
}

describe('intervals over rounds', () => {
  it('hold the effect itself, and turn around with the roles', () => {
    const samples = fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), {
      minLength: fewestRounds,
      maxLength: 12,
    });
    fc.assert(
      fc.property(samples, samples, fc.integer(), (baseline, candidate, seed) => {
        const [there] = intervalsOf([measured({ baseline, candidate })], { ...few, seed });
        const [back] = intervalsOf([measured({ baseline: candidate, candidate: baseline })], {
          ...few,
          seed,
        });
        expect(there!.low).toBeLessThanOrEqual(there!.estimate);
        expect(there!.high).toBeGreaterThanOrEqual(there!.estimate);
        expect(back!.estimate).toBeCloseTo(-there!.estimate, 9);
      }),
      { numRuns: 30 },
    );
  });

  it('are the same for the same seed', () => {
    const figures = [measured({}), measured({ candidate: [90, 80, 85, 88] })];
    const options = { ...few, seed: 7 };
    expect(intervalsOf(figures, options)).toEqual(intervalsOf(figures, options));
  });

  it('do not change with the unit of a ratio', () => {
    const scaled = (by: number): Measured =>
      measured({
        baseline: [1, 1.1, 1.2, 1.05].map((each) => each * by),
        candidate: [1.2, 1.3, 1.1, 1.4].map((each) => each * by),
      });
    const [one] = intervalsOf([scaled(1)], { ...few, seed: 1 });
    const [thousand] = intervalsOf([scaled(1000)], { ...few, seed: 1 });
    expect(thousand!.low).toBeCloseTo(one!.low, 9);
    expect(thousand!.high).toBeCloseTo(one!.high, 9);
  });

  it('say nothing of fewer than three rounds, or of a ratio to nothing', () => {
    const none = [
      measured({ baseline: [1, 2] }),
      measured({ candidate: [0, 0, 0] }),
      measured({ candidate: [] }),
    ];
    expect(intervalsOf(none, { ...few, seed: 1 })).toEqual([null, null, null]);
  });

  it('are a point where nothing differs at all, and still show a constant difference', () => {
    const constant = measured({ baseline: [4, 4, 4], candidate: [5, 5, 5], effect: 'difference' });
    expect(intervalsOf([constant], { ...few, seed: 1 })).toEqual([
      { estimate: 1, low: 1, high: 1 },
    ]);
  });

  it('see through a drift that hits both, in pairs', () => {
    const drifting = [100, 60, 140, 90, 75, 120];
    const pair = {
      baseline: drifting,
      candidate: drifting.map((each, at) => each * (1.05 + 0.002 * (at % 3))),
    };
    const [apart] = intervalsOf([measured(pair)], { ...few, seed: 1 });
    const [beside] = intervalsOf([measured({ ...pair, paired: true })], { ...few, seed: 1 });
    expect(apart!.low).toBeLessThan(0);
    expect(beside!.low).toBeGreaterThan(0);
  });

  it('refuse pairs of different numbers', () => {
    const odd = measured({ paired: true, candidate: [1, 2, 3, 4] });
    expect(() => intervalsOf([odd], { ...few, seed: 1 })).toThrow('as many rounds of both');
  });
});

/**
 * What the interval promises, tried: samples whose true effect is known. With 200 trials a share of
 * 5 % comes out above 8.5 % in 1 of 100 tries; the seeds are fixed, so these tests do not waver.
 */
const trials = 200;

interface World {
  readonly rounds: number;
  readonly figures: number;
  readonly paired: boolean;
  readonly draw: (z: number, disturbed: boolean) => number;
}

/** Share of trials in which any interval misses its true effect. */
function missedShare({ rounds, figures, paired, draw }: World, trueEffect: number): number {
  const rng = rngOf(1, `coverage/${rounds}/${figures}/${paired}`);
  const sample = (factor: number): number[][] => {
    const values = Array.from({ length: figures }, (): number[] => []);
    for (let round = 0; round < rounds; round++) {
      const [common, disturbed] = [normalDraw(rng), rng.float() < 0.1];
      for (const each of values) {
        each.push(factor * draw(0.75 * common + 0.66 * normalDraw(rng), disturbed));
      }
    }
    return values;
  };
  let missed = 0;
  for (let trial = 0; trial < trials; trial++) {
    const [baseline, candidate] = [sample(1), sample(trueEffect)];
    const all = baseline.map((own, at) =>
      measured({ baseline: own, candidate: candidate[at]!, paired }),
    );
    const told = intervalsOf(all, { seed: trial, confidence: 0.95, resamples: 250 });
    const truth = Math.log(trueEffect);
    if (told.some((each) => each !== null && (each.low > truth || each.high < truth))) missed++;
  }
  return missed / trials;
}

const normal = (z: number): number => 100 * (1 + 0.05 * z);
const skewed = (z: number): number => 100 * Math.exp(0.3 * z);
const struck = (z: number, disturbed: boolean): number =>
  100 * Math.exp(0.03 * z + (disturbed ? 0.3 : 0));

describe('the share of misses is at most 1 in 20', () => {
  it.each([
    ['normal rounds in pairs', { rounds: 5, figures: 1, paired: true, draw: normal }],
    ['three rounds apart', { rounds: 3, figures: 1, paired: false, draw: normal }],
    ['skewed rounds in pairs', { rounds: 8, figures: 1, paired: true, draw: skewed }],
    ['skewed rounds apart', { rounds: 10, figures: 1, paired: false, draw: skewed }],
    ['twelve figures at once', { rounds: 5, figures: 12, paired: true, draw: normal }],
    [
      'twelve figures, rounds struck now and then',
      { rounds: 5, figures: 12, paired: false, draw: struck },
    ],
  ] as const)('%s', (_, world) => {
    expect(missedShare(world, 1)).toBeLessThanOrEqual(0.085);
    expect(missedShare(world, 1.3)).toBeLessThanOrEqual(0.085);
  });
});
