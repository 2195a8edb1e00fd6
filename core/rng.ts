import { logarithm } from './logarithm.ts';

/** A seeded source of randomness. The same seed gives the same draws on every machine. */
export interface Rng {
  /** Uniform in [0, 1), 32 bits of it. */
  float(): number;
  /** A uniform integer in [low, high], both included. */
  int(low: number, high: number): number;
  /** One of the items, which must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** A new array with the items in random order. */
  shuffle<T>(items: readonly T[]): T[];
  /** Exponentially distributed with the given mean: the gaps of a Poisson process. */
  exponential(mean: number): number;
  /**
   * An independent stream named by a label. It depends on the seed and the label alone, not on what
   * was drawn before, so taking one part out of a test leaves the draws of the others where they were.
   */
  split(label: string): Rng;
}

/** Told of a draw: of which stream, named by seed and label, and what came out. */
export type DrawListener = (stream: string, draw: number) => void;

let listener: DrawListener | null = null;

/**
 * Listens to all streams that are made from now on, until it is disposed of; one listener at a time.
 * This is how two runs of one seed are compared, draw by draw.
 */
export function listenToDraws(onDraw: DrawListener): Disposable {
  if (listener !== null)
    throw new Error('expected nobody to listen to draws, got a second listener');
  listener = onDraw;
  return { [Symbol.dispose]: () => void (listener = null) };
}

/** sfc32 by Chris Doty-Humphrey (PractRand), seeded through an FNV-1a hash of seed and label. */
export function rngOf(seed: number, label = ''): Rng {
  const next = overheard(sfc32(fnv1a(`${String(seed)}/${label}`)), `${seed}/${label}`);
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    float: next,
    int,
    pick<T>(items: readonly T[]): T {
      if (items.length === 0) throw new Error('expected at least one item to pick from, got none');
      return items[int(0, items.length - 1)] as T;
    },
    shuffle<T>(items: readonly T[]): T[] {
      const shuffled = [...items];
      for (let at = shuffled.length - 1; at > 0; at--) {
        const other = int(0, at);
        [shuffled[at], shuffled[other]] = [shuffled[other] as T, shuffled[at] as T];
      }
      return shuffled;
    },
    exponential: (mean) => -logarithm(1 - next()) * mean,
    split: (name) => rngOf(seed, `${label}/${name}`),
  };
}

function overheard(next: () => number, stream: string): () => number {
  if (listener === null) return next;
  const onDraw = listener;
  return () => {
    const draw = next();
    onDraw(stream, draw);
    return draw;
  };
}

function fnv1a(text: string): readonly [number, number, number] {
  const hash = (offset: number): number => {
    let value = offset;
    for (let at = 0; at < text.length; at++) {
      value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
    }
    return value >>> 0;
  };
  return [hash(0x811c9dc5), hash(0x9e3779b9), hash(0x243f6a88)];
}

function sfc32([first, second, third]: readonly [number, number, number]): () => number {
  let a = first;
  let b = second;
  let c = third;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let round = 0; round < 15; round++) next();
  return next;
}
