/** The places of some numbers, in ascending order of the numbers; equal ones in order of the places. */
export function orderOf(keys: Float64Array): Uint32Array {
  const count = keys.length;
  const packed = new Float64Array(count);
  let finite = 0;
  for (let at = 0; at < count; at++) {
    const key = keys[at] ?? 0;
    if (key === Infinity) continue;
    const whole = key * count + at;
    // Negative and broken numbers, and those too great to tell apart, are sorted the slow way.
    if (!(key >= 0 && Number.isInteger(key) && whole <= Number.MAX_SAFE_INTEGER)) {
      return Uint32Array.from(keys, (_, place) => place).sort((one, other) => {
        const [left, right] = [keys[one] ?? 0, keys[other] ?? 0];
        return left === right ? one - other : left < right ? -1 : 1;
      });
    }
    packed[finite++] = whole;
  }
  // Sorting numbers by themselves is several times as fast as with a function to compare them.
  const sorted = packed.subarray(0, finite).sort();
  const order = new Uint32Array(count);
  for (let at = 0; at < finite; at++) order[at] = (sorted[at] ?? 0) % count;
  for (let at = 0; finite < count; at++) if (keys[at] === Infinity) order[finite++] = at;
  return order;
}
