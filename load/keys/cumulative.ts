/** Shares added up, place by place, so that the last one is 1: exact, for eight bytes a place. */
export function cumulative(count: number, weightOf: (place: number) => number): Float64Array {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let place = 0; place < count; place++) {
    sum += weightOf(place);
    sums[place] = sum;
  }
  for (let place = 0; place < count; place++) sums[place] = (sums[place] ?? 0) / sum;
  return sums;
}

/** The first place whose sum lies above the draw, which is in [0, 1). */
export function placeIn(sums: Float64Array, draw: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle] ?? 1) > draw) high = middle;
    else low = middle + 1;
  }
  return low;
}
