/** Rows of a table by group: those of group `g` are `rows` from `start[g]` to before `start[g + 1]`. */
export interface Grouping {
  readonly start: Uint32Array;
  readonly rows: Uint32Array;
}

/**
 * Groups rows by counting, in linear time. Within a group they stay in the order in which they are given;
 * a row whose group is negative is left out.
 */
export function grouped(
  rows: Iterable<number>,
  groupOf: (row: number) => number,
  groups: number,
): Grouping {
  const start = new Uint32Array(groups + 1);
  for (const row of rows) {
    const group = groupOf(row);
    if (group >= 0) start[group + 1] = (start[group + 1] ?? 0) + 1;
  }
  for (let group = 0; group < groups; group++) {
    start[group + 1] = (start[group + 1] ?? 0) + (start[group] ?? 0);
  }
  const next = start.slice();
  const sorted = new Uint32Array(start[groups] ?? 0);
  for (const row of rows) {
    const group = groupOf(row);
    if (group < 0) continue;
    const place = next[group] ?? 0;
    next[group] = place + 1;
    sorted[place] = row;
  }
  return { start, rows: sorted };
}

/** The whole numbers below a bound; may be gone through again and again. */
export function below(bound: number): Iterable<number> {
  return {
    *[Symbol.iterator]() {
      for (let each = 0; each < bound; each++) yield each;
    },
  };
}
