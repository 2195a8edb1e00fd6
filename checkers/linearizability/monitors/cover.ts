/**
 * Counts how often each of many points is covered, and finds points that are not covered at all: a
 * segment tree whose nodes hold the least count below them, less what is held further up.
 */
export interface Cover {
  /** Changes the counts of the points from the first place up to, not including, the end. */
  add(first: number, end: number, change: number): void;
  /** The first point from there on that nothing covers; the number of points when there is none. */
  firstFree(from: number): number;
}

/** A cover whose points start with these counts. */
export function createCover(counts: Int32Array): Cover {
  let leaves = 1;
  while (leaves < counts.length) leaves *= 2;
  const least = new Int32Array(2 * leaves);
  const added = new Int32Array(2 * leaves);
  least.set(counts, leaves);
  for (let node = leaves - 1; node > 0; node--) renew(node);

  function renew(node: number): void {
    const [left = 0, right = 0] = [least[2 * node], least[2 * node + 1]];
    least[node] = Math.min(left, right) + (added[node] ?? 0);
  }

  function change(node: number, by: number): void {
    least[node] = (least[node] ?? 0) + by;
    added[node] = (added[node] ?? 0) + by;
  }

  return {
    add(first, end, by) {
      let [left, right] = [first + leaves, end + leaves];
      if (left >= right) return;
      const [leftmost, rightmost] = [left, right - 1];
      for (; left < right; left >>= 1, right >>= 1) {
        if ((left & 1) === 1) change(left++, by);
        if ((right & 1) === 1) change(--right, by);
      }
      for (let node = leftmost >> 1; node > 0; node >>= 1) renew(node);
      for (let node = rightmost >> 1; node > 0; node >>= 1) renew(node);
    },
    firstFree(from) {
      // Up until the way to the right leads to a free point, and then down to the first of them.
      if (from >= counts.length) return counts.length;
      let node = from + leaves;
      while (!isFree(node)) {
        while ((node & 1) === 1) node >>= 1;
        if (node === 0) return counts.length;
        node++;
      }
      while (node < leaves) node = isFree(2 * node) ? 2 * node : 2 * node + 1;
      return Math.min(node - leaves, counts.length);
    },
  };

  /** Whether some point below a node is free, with all that was added to the nodes above. */
  function isFree(node: number): boolean {
    let count = least[node] ?? 0;
    for (let above = node >> 1; above > 0; above >>= 1) count += added[above] ?? 0;
    return count === 0;
  }
}
