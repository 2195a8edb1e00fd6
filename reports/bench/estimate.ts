/** A mean over rounds, with the interval that holds the true one with 95 % confidence. */
export interface Estimate {
  readonly mean: number;
  /** Null where fewer than three rounds tell. */
  readonly low: number | null;
  readonly high: number | null;
}

/** Student's t at 97.5 %, by degrees of freedom from 1; beyond the table it is near enough to 1.96. */
const studentT = [
  ...[12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16],
  ...[2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06],
];

/** Student (1908), "The probable error of a mean". Null of nothing. */
export function estimateOf(values: readonly number[]): Estimate | null {
  const { length } = values;
  if (length === 0) return null;
  const mean = values.reduce((sum, each) => sum + each, 0) / length;
  if (length < 3) return { mean, low: null, high: null };
  const variance = values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (length - 1);
  const half = (studentT[length - 2] ?? 1.96) * Math.sqrt(variance / length);
  return { mean, low: Math.max(0, mean - half), high: mean + half };
}

/**
 * The same of figures that differ by factors, as latencies do: the geometric mean, with an interval that
 * never reaches 0. Null of nothing, and where a figure is not above 0.
 */
export function factorEstimateOf(values: readonly number[]): Estimate | null {
  if (values.some((value) => !(value > 0))) return null;
  const logs = values.map(Math.log);
  const { length } = logs;
  if (length === 0) return null;
  const mean = logs.reduce((sum, each) => sum + each, 0) / length;
  if (length < 3) return { mean: Math.exp(mean), low: null, high: null };
  const variance = logs.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (length - 1);
  const half = (studentT[length - 2] ?? 1.96) * Math.sqrt(variance / length);
  return { mean: Math.exp(mean), low: Math.exp(mean - half), high: Math.exp(mean + half) };
}
