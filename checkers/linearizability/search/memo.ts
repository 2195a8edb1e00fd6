/** Remembers what was answered about two numbers. */
export interface Memo {
  bytes(): number;
  readonly look: (one: number, other: number) => number;
}

const firstCapacity = 256;
const mostCapacity = 1 << 19;

/**
 * A direct-mapped cache: each question has one place, where the last question that belongs there stands
 * with its answer. It doubles as long as many questions find their place taken.
 */
export function createMemo(ask: (one: number, other: number) => number): Memo {
  let capacity = firstCapacity;
  // The first number is kept one above what it is, so that zero is no question.
  let entries = new Int32Array(3 * capacity);
  let misses = 0;
  return {
    bytes: () => entries.byteLength,
    look(one, other) {
      const hash = Math.imul(one, 0x9e3779b1) ^ Math.imul(other, 0x85ebca6b);
      const place = 3 * ((hash ^ (hash >>> 15)) & (capacity - 1));
      if (entries[place] === one + 1 && entries[place + 1] === other) {
        return entries[place + 2] as number;
      }
      const answer = ask(one, other);
      if (++misses > capacity && capacity < mostCapacity) {
        capacity *= 2;
        entries = new Int32Array(3 * capacity);
        misses = 0;
        return answer;
      }
      entries[place] = one + 1;
      entries[place + 1] = other;
      entries[place + 2] = answer;
      return answer;
    },
  };
}
