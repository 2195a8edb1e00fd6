import type { Model } from '../models/model.ts';
import { createDecider } from './algorithm.ts';
import { decideNow } from './crew.ts';
import { type Part, filterPart } from './part.ts';
import { createPorcupine } from './porcupine/porcupine.ts';

/** Steps for one question of whether a smaller part still fails. */
const stepsForEach = 50_000;
/** Steps for all questions about one part. */
const stepsForAll = 2_000_000;

/**
 * The smallest part of a failed one that a greedy search finds to fail still. Every removal is one that a linearizable history survives (see `cutAt`,
 * `Model.tokens` and `Model.readOnly`), so the small part convicts the whole.
 */
export function minimise(model: Model, failed: Part, stuck: number | null): Part {
  let stepsLeft = stepsForAll;
  const fails = (part: Part): boolean => {
    if (stepsLeft <= 0) return false;
    const decider = createDecider(model, part.operations, 'auto');
    const { valid, steps } = decideNow(decider, stepsForEach);
    // Setting up costs as much as a step for each operation.
    stepsLeft -= steps + part.operations.length;
    return valid === 'invalid';
  };
  const cut = stuck === null ? shortestPrefix(failed, fails) : cutAt(failed, stuck);
  const small = withoutReads(model, withoutTokens(model, cut, fails), fails);
  return shortestPrefix(small, fails);
}

/**
 * The history up to an operation's return. Whatever was called later is gone; whatever returned later
 * is still open, and if it took effect then with the result that it had. A prefix of a linearizable
 * history is linearizable.
 */
export function cutAt(part: Part, last: number): Part {
  const end = part.operations[last]?.returnedAt ?? Infinity;
  const before = filterPart(part, (at) => (part.operations[at]?.calledAt ?? 0) <= end);
  return {
    ...before,
    operations: before.operations.map((each) =>
      each.returnedAt > end ? { ...each, returnedAt: Infinity } : each,
    ),
  };
}

/** The prefix that ends with the first return that makes it fail, found by halving. */
function shortestPrefix(part: Part, fails: (part: Part) => boolean): Part {
  const byReturn = [...part.operations.keys()]
    .filter((at) => part.operations[at]?.returnedAt !== Infinity)
    .sort((one, other) => returnOf(one) - returnOf(other));
  let low = 0;
  for (let high = byReturn.length - 1; low < high;) {
    const middle = (low + high) >> 1;
    if (fails(cutAt(part, byReturn[middle] ?? 0))) high = middle;
    else low = middle + 1;
  }
  const shortest = cutAt(part, byReturn[low] ?? 0);
  return fails(shortest) ? shortest : part;

  function returnOf(at: number): number {
    return part.operations[at]?.returnedAt ?? 0;
  }
}

/** Drops all operations of some values (or of whatever else the model says is independent). */
function withoutTokens(model: Model, part: Part, fails: (part: Part) => boolean): Part {
  const groups = groupsOf(model, part);
  return groups.length < 2 ? part : withoutSome(part, groups, fails);
}

function withoutReads(model: Model, part: Part, fails: (part: Part) => boolean): Part {
  const reads = [...part.operations.keys()].filter((at) => {
    const operation = part.operations[at]?.operation;
    return operation !== undefined && model.readOnly?.(operation) === true;
  });
  return withoutSome(
    part,
    reads.map((at) => [at]),
    fails,
  );
}

/** Operations tied together by their tokens, directly or through others. */
function groupsOf(model: Model, part: Part): number[][] {
  const parent = new Map<string, string>();
  const rootOf = (token: string): string => {
    let root = token;
    for (let up = parent.get(root); up !== undefined; up = parent.get(root)) root = up;
    if (root !== token) parent.set(token, root);
    return root;
  };
  const tokens = part.operations.map(({ operation }) => model.tokens?.(operation) ?? null);
  for (const [first, ...others] of tokens.filter((each) => each !== null)) {
    for (const other of others) {
      if (first !== undefined && rootOf(first) !== rootOf(other)) {
        parent.set(rootOf(other), rootOf(first));
      }
    }
  }
  const groups = new Map<string, number[]>();
  for (const [at, [first] = []] of tokens.map((each) => each ?? []).entries()) {
    if (first === undefined) continue;
    const root = rootOf(first);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [at]);
    else group.push(at);
  }
  return [...groups.values()];
}

/**
 * Removes as many of the groups as it can: all but one at first, then halves, and so on down to single
 * groups (after Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", 2002).
 */
function withoutSome(
  part: Part,
  groups: readonly (readonly number[])[],
  fails: (part: Part) => boolean,
): Part {
  const gone = new Uint8Array(part.operations.length);
  let left = [...groups];
  for (let size = left.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < left.length;) {
      const chunk = left.slice(from, from + size).flat();
      for (const at of chunk) gone[at] = 1;
      if (fails(filterPart(part, (at) => gone[at] === 0))) left = left.toSpliced(from, size);
      else {
        for (const at of chunk) gone[at] = 0;
        from += size;
      }
    }
  }
  return filterPart(part, (at) => gone[at] === 0);
}

/** A linearization of as much of a failed part as the search could place, and what it left behind. */
export interface LongestPrefix {
  readonly placed: readonly number[];
  readonly stuck: readonly number[];
}

/** Follows the general search through a part and keeps the best of its dead ends. */
export function longestPrefix(model: Model, part: Part, maxSteps: number): LongestPrefix {
  let placed: readonly number[] = [];
  let best = -1;
  const search = createPorcupine(model, part.operations, (deadEnd) => {
    const reached = deadEnd.returnsPassed * (part.operations.length + 1) + deadEnd.placed.length;
    if (reached <= best) return;
    best = reached;
    placed = [...deadEnd.placed];
  });
  search.run(maxSteps);
  const inOrder = new Set(placed);
  const stuck = [...part.operations.keys()].filter(
    (at) => !inOrder.has(at) && part.operations[at]?.returnedAt !== Infinity,
  );
  return { placed, stuck };
}
