/** How often the two clocks are read side by side; the closest pair counts. */
const readings = 50;

/**
 * Nanoseconds of the round's clock, in any thread: `performance.now()` begins anew in each of them, so
 * it is set by the clock that the process has in common. Two threads then agree within what lies
 * between two readings of a clock, well below a microsecond.
 */
export function threadClock(epochNs: bigint): () => number {
  let closestNs = Infinity;
  let offsetNs = 0;
  for (let reading = 0; reading < readings; reading++) {
    const beforeNs = process.hrtime.bigint();
    const ownNs = performance.now() * 1e6;
    const afterNs = process.hrtime.bigint();
    const apartNs = Number(afterNs - beforeNs);
    if (apartNs >= closestNs) continue;
    closestNs = apartNs;
    offsetNs = Number(beforeNs - epochNs) + apartNs / 2 - ownNs;
  }
  return () => performance.now() * 1e6 + offsetNs;
}
