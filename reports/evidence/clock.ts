import { duration } from '../figures.ts';

/**
 * How moments of evidence are told. Histories that nobody timed have each event's place as its time;
 * they are known by operations that all last less than a microsecond.
 */
export interface EvidenceClock {
  at(timeNs: number, decimals: number): string;
  between(fromNs: number, toNs: number): string;
}

export function clockOf(
  spans: readonly { readonly callNs: number; readonly returnNs: number | null }[],
): EvidenceClock {
  const isTimed = spans.some(
    ({ callNs, returnNs }) => returnNs !== null && returnNs - callNs >= 1000,
  );
  return {
    at: (timeNs, decimals) =>
      isTimed ? `${(timeNs / 1e9).toFixed(decimals)} s` : `event ${String(timeNs)}`,
    between: (fromNs, toNs) =>
      isTimed ? duration((toNs - fromNs) / 1e6) : `to event ${String(toNs)}`,
  };
}
