/** A search for the highest rate that meets an objective: it says what to try, and is told what came of it. */
export interface RateSearch {
  /** Null when the search is over. */
  readonly next: number | null;
  /** The highest rate that met it so far; null where none did. */
  readonly best: number | null;
  tell(met: boolean): void;
}

export interface RateSearchOptions {
  /** Where it begins, in operations a second. */
  readonly firstRate: number;
  /** It ends when the highest rate that met it and the lowest that did not are so close, as a share. */
  readonly precision: number;
  readonly mostTries: number;
}

/** Below this a rate says nothing within the seconds of a round. */
const leastRate = 1;

/**
 * Doubles the rate until the objective is missed (or halves it until it is met), then bisects what lies
 * between, geometrically: latency grows with the rate, so that what is met at one rate is met below.
 */
export function rateSearch({ firstRate, precision, mostTries }: RateSearchOptions): RateSearch {
  let met: number | null = null;
  let missed: number | null = null;
  let next: number | null = Math.round(firstRate);
  let tries = 0;
  const choose = (): number | null => {
    if (tries >= mostTries) return null;
    if (missed === null) return (met ?? firstRate) * 2;
    if (met === null) return missed / 2 < leastRate ? null : Math.round(missed / 2);
    if (missed <= met * (1 + precision)) return null;
    const middle = Math.round(Math.sqrt(met * missed));
    return middle <= met || middle >= missed ? null : middle;
  };
  return {
    get next() {
      return next;
    },
    get best() {
      return met;
    },
    tell(isMet) {
      if (next === null)
        throw new Error('expected the search to be under way, got a result too many');
      tries++;
      if (isMet) met = Math.max(met ?? 0, next);
      else missed = Math.min(missed ?? Infinity, next);
      next = choose();
    },
  };
}
