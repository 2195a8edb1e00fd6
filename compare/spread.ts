/** Fewer say nothing of how much they differ. */
export const fewestToSpread = 4;

/**
 * How much two sessions of the same thing differ, as the standard deviation of the logarithm of their
 * ratio: from a figure of several sessions, and from how far chance within each may have moved it
 * (variances, likewise of logarithms), which is not told twice. Null where too few tell.
 */
export function spreadOf(
  figures: readonly number[],
  within: readonly number[] = [],
): number | null {
  const told = figures.filter((value) => value > 0).map(Math.log);
  if (told.length < fewestToSpread) return null;
  const mean = meanOf(told);
  const variance = told.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (told.length - 1);
  const own = within.length === 0 ? 0 : meanOf(within);
  // Few tell it badly, and too small as often as too large: about what Student's t has over the normal.
  const caution = 1 + 1.6 / (told.length - 1);
  return caution * Math.sqrt(2 * Math.max(0, variance - own));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}
