/** What lies under a microsecond is drawn there: a logarithmic scale has no zero. */
export const floorMs = 0.001;

export interface LatencyRange {
  readonly minMs: number;
  readonly maxMs: number;
}

/** A logarithmic axis around all values, rounded outwards to thirds of a power of ten. */
export function rangeAround(leastMs: number, mostMs: number): LatencyRange {
  if (!(leastMs <= mostMs)) return { minMs: 0.1, maxMs: 1000 };
  const low = Math.floor(Math.log10(Math.max(leastMs, floorMs) * 0.95) * 3) / 3;
  const high = Math.ceil(Math.log10(Math.max(mostMs, floorMs) * 1.05) * 3) / 3;
  return { minMs: 10 ** low, maxMs: 10 ** Math.max(high, low + 1) };
}
