/** The middle of the sorted values, the mean of the two middle ones when they are even in number. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('expected at least one value for a median, got none');
  const sorted = [...values].sort((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
