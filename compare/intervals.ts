import { type Rng, rngOf } from '../core/rng.ts';
import { type Draws, drawsOf, normalDraw } from './draws.ts';

/** One figure, measured in several rounds of two things. */
export interface Measured {
  readonly baseline: readonly number[];
  readonly candidate: readonly number[];
  /** Round i of the one was measured right beside round i of the other, so that drift hits both. */
  readonly paired: boolean;
  /** `ratio`: how many times as much. `difference`: how much more, in the figure's own unit. */
  readonly effect: 'ratio' | 'difference';
  /**
   * What rounds cannot show of themselves, as a standard deviation of the effect: the resolution of the
   * figure, and how much two sessions of the same thing differ. Of a ratio, as a share.
   */
  readonly beyondRounds: number;
}

/** Of a ratio, natural logarithms; of a difference, the figure's unit. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export interface IntervalOptions {
  readonly seed: number;
  /** Probability that all intervals hold what they should, together. */
  readonly confidence: number;
  readonly resamples: number;
}

export const usualOptions: IntervalOptions = { seed: 1, confidence: 0.95, resamples: 4000 };

/** Fewer say nothing of how much rounds differ. */
export const fewestRounds = 3;

/**
 * Confidence intervals for many figures at once, by a studentized bootstrap over rounds (Hall 1988): how
 * far, in standard errors, does a resample's effect lie from what it was drawn from? The limit that the
 * furthest of all figures keeps to in 95 of 100 resamples holds for all of them together (Westfall and
 * Young 1993; Romano and Wolf 2005): two runs of the same thing show some difference, wherever,
 * in 1 of 20 comparisons at most. Figures that move together cost little by it, unlike with Bonferroni's
 * rule. Null where there are too few rounds or no mean to compare with.
 */
export function intervalsOf(
  measured: readonly Measured[],
  { seed, confidence, resamples }: IntervalOptions = usualOptions,
): readonly (Interval | null)[] {
  const figures = measured.map(figureOf);
  const told = figures.filter((each) => each !== null);
  if (told.length === 0) return figures.map(() => null);
  const furthest = new Float64Array(resamples);
  const rng = rngOf(seed, 'rounds');
  const rounds = Math.max(...told.map(({ most }) => most));
  for (let at = 0; at < resamples; at++) {
    const draws = { baseline: drawsOf(rng, rounds), candidate: drawsOf(rng, rounds) };
    let worst = 0;
    for (const figure of told) worst = Math.max(worst, distanceOf(figure, draws, rng));
    furthest[at] = worst;
  }
  furthest.sort();
  const limit = furthest[Math.min(resamples - 1, Math.ceil(confidence * (resamples + 1)) - 1)] ?? 0;
  return figures.map((each) => (each === null ? null : around(each, limit)));
}

interface Sample {
  readonly values: Float64Array;
  readonly mean: number;
  /** Where a resample goes. */
  readonly drawn: Float64Array;
}

interface Figure {
  readonly baseline: Sample;
  readonly candidate: Sample;
  readonly measured: Measured;
  readonly most: number;
  readonly estimate: number;
  readonly error: number;
}

function figureOf(measured: Measured): Figure | null {
  const { paired, effect } = measured;
  const [baseline, candidate] = [sampleOf(measured.baseline), sampleOf(measured.candidate)];
  const [count, others] = [baseline.values.length, candidate.values.length];
  if (paired && count !== others) {
    throw new Error(`expected as many rounds of both in pairs, got ${count} and ${others}`);
  }
  if (Math.min(count, others) < fewestRounds) return null;
  if (effect === 'ratio' && !(baseline.mean > 0 && candidate.mean > 0)) return null;
  const estimate = effectOf(effect, baseline.mean, candidate.mean);
  const means = { baseline: baseline.mean, candidate: candidate.mean };
  const error = errorOf(
    measured,
    { baseline: baseline.values, candidate: candidate.values },
    means,
  );
  return { baseline, candidate, measured, most: Math.max(count, others), estimate, error };
}

function sampleOf(rounds: readonly number[]): Sample {
  const values = Float64Array.from(rounds);
  return { values, mean: meanOf(values), drawn: new Float64Array(values.length) };
}

/** How far a resample's effect lies from the one it was drawn from, in its own standard errors. */
function distanceOf(
  { baseline, candidate, measured, estimate }: Figure,
  draws: { readonly baseline: Draws; readonly candidate: Draws },
  rng: Rng,
): number {
  const { paired, effect, beyondRounds } = measured;
  const means = {
    baseline: draws.baseline.apply(baseline.values, baseline.mean, baseline.drawn),
    candidate: (paired ? draws.baseline : draws.candidate).apply(
      candidate.values,
      candidate.mean,
      candidate.drawn,
    ),
  };
  if (effect === 'ratio' && !(means.baseline > 0 && means.candidate > 0)) return Infinity;
  const beyond = beyondRounds === 0 ? 0 : beyondRounds * normalDraw(rng);
  const moved = effectOf(effect, means.baseline, means.candidate) + beyond - estimate;
  const rounds = { baseline: baseline.drawn, candidate: candidate.drawn };
  const error = errorOf(measured, rounds, means);
  return moved === 0 ? 0 : Math.abs(moved) / error;
}

type Both<Value> = Readonly<Record<'baseline' | 'candidate', Value>>;

function effectOf(effect: Measured['effect'], baseline: number, candidate: number): number {
  return effect === 'ratio' ? Math.log(candidate / baseline) : candidate - baseline;
}

/**
 * The standard error of the effect. That of a ratio's logarithm is linear in shares of the mean: the
 * delta method.
 */
function errorOf(
  { paired, effect, beyondRounds }: Measured,
  { baseline, candidate }: Both<Float64Array>,
  means: Both<number>,
): number {
  const units = effect === 'ratio' ? means : { baseline: 1, candidate: 1 };
  const variance = paired
    ? varianceOfMean(baseline.length, (at) => {
        const own = ((candidate[at] ?? 0) - means.candidate) / units.candidate;
        return own - ((baseline[at] ?? 0) - means.baseline) / units.baseline;
      })
    : varianceOfMean(
        baseline.length,
        (at) => ((baseline[at] ?? 0) - means.baseline) / units.baseline,
      ) +
      varianceOfMean(
        candidate.length,
        (at) => ((candidate[at] ?? 0) - means.candidate) / units.candidate,
      );
  return Math.sqrt(variance + beyondRounds * beyondRounds);
}

/** Of values that are given by how far each is from their mean. */
function varianceOfMean(count: number, distance: (at: number) => number): number {
  let squares = 0;
  for (let at = 0; at < count; at++) squares += distance(at) ** 2;
  return squares / (count * (count - 1));
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function around({ estimate, error }: Figure, limit: number): Interval {
  const reach = error === 0 ? 0 : limit * error;
  return { estimate, low: estimate - reach, high: estimate + reach };
}
