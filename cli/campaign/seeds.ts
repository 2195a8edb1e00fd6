import { UsageError } from '../failure.ts';

/** Seeds from the first to the last, both included. */
export interface SeedRange {
  readonly first: number;
  readonly last: number;
}

const wanted = 'expected --seeds to be numbers and ranges such as 1..1000 or 7,20..30';

/** `1..100`, `42`, `1..10,500..600`: ranges in order, none of which overlaps another. */
export function parseSeeds(text: string): readonly SeedRange[] {
  const ranges = text.split(',').map((part) => rangeOf(part.trim(), text));
  const merged: SeedRange[] = [];
  for (const range of ranges.sort((one, other) => one.first - other.first)) {
    const before = merged.at(-1);
    if (before === undefined || range.first > before.last + 1) merged.push(range);
    else merged[merged.length - 1] = { ...before, last: Math.max(before.last, range.last) };
  }
  return merged;
}

function rangeOf(part: string, text: string): SeedRange {
  const [, low, high = low] = /^(\d+)(?:\.\.(\d+))?$/u.exec(part) ?? [];
  if (low === undefined) throw new UsageError(`${wanted}, got "${text}"`);
  const [first, last] = [Number(low), Number(high)];
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) {
    throw new UsageError(`expected seeds of at most ${Number.MAX_SAFE_INTEGER}, got "${part}"`);
  }
  if (first > last) {
    throw new UsageError(`expected a range from low to high, got "${part}"; try ${last}..${first}`);
  }
  return { first, last };
}

export function countOf(ranges: readonly SeedRange[]): number {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

export function* seedsIn(ranges: readonly SeedRange[]): Generator<number> {
  for (const { first, last } of ranges) for (let seed = first; seed <= last; seed++) yield seed;
}

export function includesSeed(ranges: readonly SeedRange[], seed: number): boolean {
  return ranges.some(({ first, last }) => first <= seed && seed <= last);
}
