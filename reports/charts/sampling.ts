/** A point of a cloud, before it is known whether it is drawn. */
export interface Cloud {
  readonly length: number;
  /** The cell of the picture that the point falls into, from 0 to `cells` - 1. */
  cellOf(at: number): number;
  readonly cells: number;
  /** The group of cells that a cell belongs to, from 0 to `groups` - 1. */
  groupOf(cell: number): number;
  readonly groups: number;
  /** Of the points of a group, the one with the greatest weight is always kept. */
  weightOf(at: number): number;
  /** Whether a cell deserves more points than the others. */
  isBusy(cell: number): boolean;
}

/**
 * Chooses which points to draw so that the picture looks as if all were: each cell keeps its own,
 * the same number at most, spread evenly over it in order. Points that are rare where they stand
 * (outliers) are thus all kept, and so is the heaviest of every group; only crowds are thinned. Busy
 * cells keep up to twice as many: more would look as if more had happened there. Nothing is random.
 *
 * Returns indexes in order, at most `limit` of them as long as `limit` is at least `cells`.
 */
export function sample(cloud: Cloud, limit: number): Uint32Array {
  if (cloud.length <= limit) return Uint32Array.from({ length: cloud.length }, (_, at) => at);
  const counts = new Uint32Array(cloud.cells);
  const heaviest = new Int32Array(cloud.groups).fill(-1);
  for (let at = 0; at < cloud.length; at++) {
    const cell = cloud.cellOf(at);
    counts[cell] = (counts[cell] ?? 0) + 1;
    const group = cloud.groupOf(cell);
    const best = heaviest[group] ?? -1;
    if (best < 0 || cloud.weightOf(at) > cloud.weightOf(best)) heaviest[group] = at;
  }
  const quotas = chooseQuotas(counts, cloud, limit);
  return pick(cloud, { counts, heaviest, quotas });
}

function chooseQuotas(counts: Uint32Array, cloud: Cloud, limit: number): Uint32Array {
  const total = (calm: number, busy: number): number =>
    counts.reduce((sum, count, cell) => sum + Math.min(count, cloud.isBusy(cell) ? busy : calm), 0);
  const largest = (fits: (quota: number) => boolean): number => {
    let low = 1;
    let high = cloud.length;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (fits(middle)) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const factor = total(1, 2) <= limit ? 2 : 1;
  const calm = largest((quota) => total(quota, quota * factor) <= limit);
  return counts.map((_, cell) => (cloud.isBusy(cell) ? calm * factor : calm));
}

interface Shares {
  readonly counts: Uint32Array;
  readonly heaviest: Int32Array;
  readonly quotas: Uint32Array;
}

/** Evenly spaced points of each cell; one of them gives way to the heaviest of the group. */
function pick(cloud: Cloud, { counts, heaviest, quotas }: Shares): Uint32Array {
  const seen = new Uint32Array(counts.length);
  const chosen: number[] = [];
  for (let at = 0; at < cloud.length; at++) {
    const cell = cloud.cellOf(at);
    const champion = heaviest[cloud.groupOf(cell)] ?? -1;
    const reserved = champion >= 0 && cloud.cellOf(champion) === cell ? 1 : 0;
    const places = (quotas[cell] ?? 0) - reserved;
    const others = (counts[cell] ?? 0) - reserved;
    if (at === champion) {
      chosen.push(at);
      continue;
    }
    const place = seen[cell] ?? 0;
    seen[cell] = place + 1;
    if (others <= places || spread(place + 1, places, others) > spread(place, places, others)) {
      chosen.push(at);
    }
  }
  return Uint32Array.from(chosen);
}

/** How many of `places` fall on the first `position` of `count` points. */
function spread(position: number, places: number, count: number): number {
  return Math.floor((position * places) / count);
}
