/** A node's own clock: the common virtual time, shifted and running a little fast or slow. */
export interface SkewedClock {
  toLocal(trueMs: number): number;
  toTrue(localMs: number): number;
}

export function skewedClock(offsetMs: number, rate: number): SkewedClock {
  return {
    toLocal: (trueMs) => offsetMs + trueMs * rate,
    toTrue: (localMs) => (localMs - offsetMs) / rate,
  };
}
