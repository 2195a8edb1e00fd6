/** A point of a cloud, before it is known whether it is drawn. */
export interface Cloud {
  readonly length: number;
  /** The cell of the picture that the point falls into, from 0 to `cells` - 1. */
  cellOf(at: number): number;
  readonly cells: number;
  /** Of the points of a cell, the one with the greatest weight is always kept. */
  weightOf(at: number): number;
  /** Whether a cell deserves more points than the others. */
  isBusy(cell: number): boolean;
}

/**
 * Chooses which points to draw so that the picture looks as if all were: each cell keeps its own,
 * the same number at most, spread evenly over it in order, its heaviest among them. Points that are
 * rare where they stand (outliers) are thus all kept; only crowds are thinned. Busy cells keep up
 * to sixteen times as many. Nothing is random.
 *
 * Returns indexes in order, at most `limit` of them as long as `limit` is at least `cells`.
 */
export function sample(cloud: Cloud, limit: number): Uint32Array {
  if (cloud.length <= limit) return Uint32Array.from({ length: cloud.length }, (_, at) => at);
  const counts = new Uint32Array(cloud.cells);
  const heaviest = new Int32Array(cloud.cells).fill(-1);
  for (let at = 0; at < cloud.length; at++) {
    const cell = cloud.cellOf(at);
    counts[cell] = (counts[cell] ?? 0) + 1;
    const best = heaviest[cell] ?? -1;
    if (best < 0 || cloud.weightOf(at) > cloud.weightOf(best)) heaviest[cell] = at;
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
  const factors = [16, 8, 4, 2];
  const factor = factors.find((each) => total(1, each) <= limit) ?? 1;
  const calm = largest((quota) => total(quota, quota * factor) <= limit);
  const busy = largest((quota) => total(calm, quota) <= limit);
  return counts.map((_, cell) => (cloud.isBusy(cell) ? busy : calm));
}

interface Shares {
  readonly counts: Uint32Array;
  readonly heaviest: Int32Array;
  readonly quotas: Uint32Array;
}

/** Of `count` points in a cell the heaviest is taken, and evenly spaced ones of the rest. */
function pick(cloud: Cloud, { counts, heaviest, quotas }: Shares): Uint32Array {
  const seen = new Uint32Array(counts.length);
  const chosen: number[] = [];
  for (let at = 0; at < cloud.length; at++) {
    const cell = cloud.cellOf(at);
    const quota = quotas[cell] ?? 0;
    const count = counts[cell] ?? 0;
    if (count <= quota || heaviest[cell] === at) {
      chosen.push(at);
      continue;
    }
    const place = seen[cell] ?? 0;
    seen[cell] = place + 1;
    const stepsBefore = Math.floor((place * (quota - 1)) / (count - 1));
    const stepsAfter = Math.floor(((place + 1) * (quota - 1)) / (count - 1));
    if (stepsAfter > stepsBefore) chosen.push(at);
  }
  return Uint32Array.from(chosen);
}
