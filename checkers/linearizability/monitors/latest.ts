/** Finds, of the places that have a number, the one with the greatest number in a range of places. */
export interface Latest {
  set(place: number, to: number): void;
  clear(place: number): void;
  /** The place of the greatest number from the first place up to, not including, the end; -1 if none. */
  within(first: number, end: number): number;
}

/** A tournament over so many places, none of which has a number yet. */
export function createLatest(places: number): Latest {
  const winners = new Int32Array(2 * places).fill(-1);
  const numbers = new Float64Array(places);

  const winnerOf = (one: number, other: number): number => {
    if (one === -1 || other === -1) return Math.max(one, other);
    return (numbers[other] ?? 0) > (numbers[one] ?? 0) ? other : one;
  };
  const put = (place: number, winner: number): void => {
    let node = place + places;
    winners[node] = winner;
    for (node >>= 1; node > 0; node >>= 1) {
      winners[node] = winnerOf(winners[2 * node] ?? -1, winners[2 * node + 1] ?? -1);
    }
  };
  return {
    set(place, to) {
      numbers[place] = to;
      put(place, place);
    },
    clear(place) {
      put(place, -1);
    },
    within(first, end) {
      let best = -1;
      let [left, right] = [first + places, end + places];
      for (; left < right; left >>= 1, right >>= 1) {
        if ((left & 1) === 1) best = winnerOf(best, winners[left++] ?? -1);
        if ((right & 1) === 1) best = winnerOf(best, winners[--right] ?? -1);
      }
      return best;
    },
  };
}
