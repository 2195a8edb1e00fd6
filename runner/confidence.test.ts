import { expect, it } from 'vitest';
import { wilsonInterval } from './confidence.ts';

it.each([
  [0, 10, 0, 0.278],
  [5, 5, 0.566, 1],
  [5, 10, 0.237, 0.763],
  [0, 0, 0, 1],
])('%d of %d lies between %f and %f', (successes, trials, low, high) => {
  const interval = wilsonInterval(successes, trials);
  expect(interval.low).toBeCloseTo(low, 2);
  expect(interval.high).toBeCloseTo(high, 2);
});
