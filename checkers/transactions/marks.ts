/** Numbers kept for some places of a table, all forgotten at once and in no time. */
export interface Marks {
  readonly has: (place: number) => boolean;
  /** What was set; 0 where nothing was. */
  readonly get: (place: number) => number;
  readonly set: (place: number, value: number) => void;
  /** The places that are set, in the order in which they were. */
  readonly places: () => readonly number[];
  readonly clear: () => void;
}

export function createMarks(size: number): Marks {
  const round = new Uint32Array(size);
  const values = new Int32Array(size);
  let now = 1;
  let places: number[] = [];
  const has = (place: number): boolean => round[place] === now;
  return {
    has,
    get: (place) => (has(place) ? (values[place] ?? 0) : 0),
    set(place, value) {
      if (!has(place)) places.push(place);
      round[place] = now;
      values[place] = value;
    },
    places: () => places,
    clear() {
      now++;
      if (places.length > 0) places = [];
    },
  };
}
