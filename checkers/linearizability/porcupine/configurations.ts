/** A set of configurations: where a search has been. */
export interface Configurations {
  size(): number;
  /**
   * Adds (first unlinearized return, linearized operations open there, state) and says whether it was
   * new. The words are copied.
   */
  add(first: number, linearized: Int32Array, state: number): boolean;
}

/**
 * Lowe's cache of (linearized operations, state), in one growing array with an open-addressing table
 * of places in it, so that an entry costs 8 + 4 × words bytes and 8 or 16 of the table, and none of
 * it is the garbage collector's business.
 */
export function createConfigurations(words: number): Configurations {
  const width = words + 2;
  let entries = new Int32Array(width * 1024);
  let table = new Int32Array(4096).fill(-1);
  let size = 0;

  const hash = (from: Int32Array, at: number): number => {
    let value = 0x9e3779b9;
    for (let word = 0; word < width; word++) {
      value = Math.imul(value ^ (from[at + word] ?? 0), 0x85ebca6b);
      value = (value << 13) | (value >>> 19);
    }
    value = Math.imul(value ^ (value >>> 16), 0xc2b2ae35);
    return (value ^ (value >>> 13)) >>> 0;
  };
  const isSame = (one: number, other: number): boolean => {
    for (let word = 0; word < width; word++) {
      if (entries[one + word] !== entries[other + word]) return false;
    }
    return true;
  };
  const grow = (): void => {
    const larger = new Int32Array(table.length * 2).fill(-1);
    for (let entry = 0; entry < size; entry++) {
      let place = hash(entries, entry * width) & (larger.length - 1);
      while (larger[place] !== -1) place = (place + 1) & (larger.length - 1);
      larger[place] = entry;
    }
    table = larger;
  };

  return {
    size: () => size,
    add(first, linearized, state) {
      const at = size * width;
      if (at + width > entries.length) {
        const larger = new Int32Array(entries.length * 2);
        larger.set(entries);
        entries = larger;
      }
      entries[at] = first;
      entries[at + 1] = state;
      for (let word = 0; word < words; word++) entries[at + 2 + word] = linearized[word] ?? 0;
      let place = hash(entries, at) & (table.length - 1);
      for (; table[place] !== -1; place = (place + 1) & (table.length - 1)) {
        if (isSame((table[place] ?? 0) * width, at)) return false;
      }
      table[place] = size++;
      if (size * 2 > table.length) grow();
      return true;
    },
  };
}
