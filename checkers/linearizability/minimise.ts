import type { Model } from '../models/model.ts';
import { createDecider } from './algorithm.ts';
import { decideNow } from './crew.ts';
import { leftOpenAfter, placesWhere } from './operations.ts';
import { type Part, filterPart } from './part.ts';
import { createPorcupine } from './porcupine/porcupine.ts';
import { type Removable, removableIn } from './removable.ts';

/** Steps for all questions about one part; a quarter of them for the first. */
const stepsForAll = 800_000;
/** Steps for a question of whether a smaller part still fails, at least; and against the first one. */
const fewestSteps = 5_000;
const timesFirst = 2;

/**
 * The smallest part of a failed one that a greedy search finds to fail still. Every removal is one that
 * a linearizable history survives (see `cutAt`, `Model.tokens` and `Model.readOnly`), so the small part
 * convicts the whole. A part that took very long to convict is only cut.
 */
export function minimise(model: Model, failed: Part, stuck: number | null): Part {
  let stepsLeft = stepsForAll;
  let stepsForEach = stepsForAll / 4;
  const fails = (part: Part): boolean => {
    if (stepsLeft <= 0) return false;
    const decider = createDecider(model, part.operations, 'auto');
    const { valid, steps } = decideNow(decider, stepsForEach);
    // Setting up costs as much as a step for each operation.
    stepsLeft -= steps + part.operations.length;
    return valid === 'invalid';
  };
  const cut = stuck === null ? shortestPrefix(failed, fails) : cutAt(failed, stuck);
  const before = stepsLeft;
  if (!fails(cut)) return cut;
  stepsForEach = Math.max(fewestSteps, timesFirst * (before - stepsLeft));
  const small = withoutReads(model, withoutTokens(model, cut, fails), fails);
  return small.operations.length === cut.operations.length ? cut : shortestPrefix(small, fails);
}

/**
 * The history up to an operation's return. Whatever was called later is gone; whatever returned later
 * is still open, and if it took effect then with the result that it had. A prefix of a linearizable
 * history is linearizable.
 */
export function cutAt(part: Part, last: number): Part {
  const end = part.operations.returns[last] ?? Infinity;
  const before = filterPart(part, (at) => (part.operations.calls[at] ?? 0) <= end);
  return { ...before, operations: leftOpenAfter(before.operations, end) };
}

/** The prefix that ends with the first return that makes it fail, found by halving. */
function shortestPrefix(part: Part, fails: (part: Part) => boolean): Part {
  const byReturn = returnedIn(part).sort((one, other) => returnOf(one) - returnOf(other));
  let low = 0;
  for (let high = byReturn.length - 1; low < high;) {
    const middle = (low + high) >> 1;
    if (fails(cutAt(part, byReturn[middle] ?? 0))) high = middle;
    else low = middle + 1;
  }
  const shortest = cutAt(part, byReturn[low] ?? 0);
  return fails(shortest) ? shortest : part;

  function returnOf(at: number): number {
    return part.operations.returns[at] ?? 0;
  }
}

/** Drops all operations of some values (or of whatever else the model says is independent). */
function withoutTokens(model: Model, part: Part, fails: (part: Part) => boolean): Part {
  const removable = removableIn(model, part);
  return removable.units < 2 ? part : withoutSome(part, removable, fails);
}

function withoutReads(model: Model, part: Part, fails: (part: Part) => boolean): Part {
  const { operations } = part;
  const reads = placesWhere(
    operations,
    (at) => model.readOnly?.(operations.operation(at)) === true,
  );
  const eachAlone: Removable = {
    units: reads.length,
    operationsOf: (units) => units.map((unit) => reads[unit] ?? 0),
  };
  return withoutSome(part, eachAlone, fails);
}

/**
 * Removes as many units as it can: all at first, then halves, and so on down to single ones (after
 * Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", 2002).
 */
function withoutSome(part: Part, removable: Removable, fails: (part: Part) => boolean): Part {
  const gone = new Uint8Array(part.operations.length);
  let left = Array.from({ length: removable.units }, (_, unit) => unit);
  for (let size = left.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < left.length;) {
      const chunk = removable.operationsOf(left.slice(from, from + size));
      const going = chunk.filter((at) => gone[at] === 0);
      for (const at of going) gone[at] = 1;
      if (going.length === 0 || fails(filterPart(part, (at) => gone[at] === 0))) {
        left = left.toSpliced(from, size);
      } else {
        for (const at of going) gone[at] = 0;
        from += size;
      }
    }
  }
  return filterPart(part, (at) => gone[at] === 0);
}

/** A linearization of as much of a failed part as could be placed, and what it left behind. */
export interface LongestPrefix {
  readonly placed: readonly number[];
  readonly stuck: readonly number[];
  /** Whether the search came to an end; else nothing is placed. */
  readonly isKnown: boolean;
}

/** Steps between two looks at what was found. */
const stepsOfLook = 1_000;

/**
 * Follows Porcupine's search through a part that `cutAt` has cut, until everything has its place but the
 * operation that returns last. Where that takes too long nothing is said of the others.
 */
export function longestPrefix(model: Model, part: Part, maxSteps: number): LongestPrefix {
  const returned = returnedIn(part);
  let placed: readonly number[] = [];
  let passed = -1;
  const search = createPorcupine(model, part.operations, (deadEnd) => {
    const { returnsPassed } = deadEnd;
    if (returnsPassed < passed) return;
    if (returnsPassed === passed && deadEnd.placed.length <= placed.length) return;
    passed = returnsPassed;
    placed = [...deadEnd.placed];
  });
  let answer: ReturnType<typeof search.run> = null;
  while (answer === null && search.steps() < maxSteps && passed < returned.length - 1) {
    answer = search.run(Math.min(maxSteps, search.steps() + stepsOfLook));
  }
  if (answer === null && passed < returned.length - 1) {
    return { placed: [], stuck: lastOf(part, returned), isKnown: false };
  }
  const inOrder = new Set(placed);
  return { placed, stuck: returned.filter((at) => !inOrder.has(at)), isKnown: true };
}

function lastOf({ operations }: Part, returned: readonly number[]): number[] {
  const returnOf = (at: number): number => operations.returns[at] ?? 0;
  const [first, ...others] = returned;
  if (first === undefined) return [];
  return [others.reduce((last, at) => (returnOf(at) > returnOf(last) ? at : last), first)];
}

function returnedIn({ operations }: Part): number[] {
  return placesWhere(operations, (at) => operations.returns[at] !== Infinity);
}
