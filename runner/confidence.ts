/**
 * Wilson's score interval for a proportion (Wilson 1927): unlike the usual one it makes sense for few
 * trials and for shares near 0 and 1. `z` is 1.96 for 95 %.
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  z = 1.96,
): { readonly low: number; readonly high: number } {
  if (trials === 0) return { low: 0, high: 1 };
  const share = successes / trials;
  const square = (z * z) / trials;
  const middle = share + square / 2;
  const spread = z * Math.sqrt((share * (1 - share)) / trials + square / (4 * trials));
  return {
    low: Math.max(0, (middle - spread) / (1 + square)),
    high: Math.min(1, (middle + spread) / (1 + square)),
  };
}
