import { placesWhere } from '../linearizability/operations.ts';
import { type Part, filterPart } from '../linearizability/part.ts';
import type { Model } from '../models/model.ts';
import { programOf } from './program.ts';
import { searchForOrder } from './search.ts';

/** Steps for one question of whether less still has no order, and for all of them. */
const stepsForEach = 20_000;
const stepsForAll = 1_000_000;

/**
 * The fewest operations that a greedy search finds to have no order still. Each removal is one that an
 * order survives: a whole part, all operations that some of the model's tokens tie together, or one that
 * leaves every state as it is. So what is left convicts the whole.
 */
export function shrink(model: Model, parts: readonly Part[]): readonly Part[] {
  let stepsLeft = stepsForAll;
  const fails = (some: readonly Part[]): boolean => {
    if (stepsLeft <= 0) return false;
    const search = searchForOrder(programOf(model, some));
    const answer = search.run(stepsForEach);
    stepsLeft -= search.steps() + some.reduce((sum, { operations }) => sum + operations.length, 0);
    return answer === 'none';
  };
  const few = withoutSome(
    parts,
    parts.map((part) => [part]),
    fails,
  );
  return few.reduce<readonly Part[]>((all, part) => {
    const place = all.indexOf(part);
    const failsWith = (other: Part): boolean => fails(all.with(place, other));
    const byTokens = withoutGroups(part, tiedBy(model, part), failsWith);
    return all.with(place, withoutGroups(byTokens, readsOf(model, byTokens), failsWith));
  }, few);
}

function readsOf(model: Model, { operations }: Part): number[][] {
  const isRead = (at: number): boolean => model.readOnly?.(operations.operation(at)) === true;
  return placesWhere(operations, isRead).map((at) => [at]);
}

/** Operations tied together by their tokens, directly or through others. */
function tiedBy(model: Model, { operations }: Part): number[][] {
  const groups = new Map<string, number[]>();
  const tokensOf = (at: number): readonly string[] =>
    model.tokens?.(operations.operation(at)) ?? [];
  for (let at = 0; at < operations.length; at++) {
    const tokens = tokensOf(at);
    const joined = new Set(tokens.map((token) => groups.get(token) ?? []));
    const together = [at, ...[...joined].flat()];
    for (const place of tokens.length === 0 ? [] : together) {
      for (const token of tokensOf(place)) groups.set(token, together);
    }
  }
  return [...new Set(groups.values())];
}

function withoutGroups(
  part: Part,
  groups: readonly (readonly number[])[],
  fails: (part: Part) => boolean,
): Part {
  const all = [...part.records().keys()];
  const tied = new Set(groups.flat());
  const rest = all.filter((at) => !tied.has(at));
  const keep = (some: readonly number[]): Part => {
    const kept = new Set([...some, ...rest]);
    return filterPart(part, (at) => kept.has(at));
  };
  return keep(withoutSome(groups.flat(), groups, (some) => fails(keep(some))));
}

/** Takes away groups of items, half of them at first, then less and less, as long as it fails still. */
function withoutSome<Item>(
  items: readonly Item[],
  groups: readonly (readonly Item[])[],
  fails: (items: readonly Item[]) => boolean,
): readonly Item[] {
  const gone = new Set<Item>();
  let left = [...groups];
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : (size + 1) >> 1) {
    for (let from = 0; from < left.length;) {
      const chunk = left.slice(from, from + size).flat();
      for (const item of chunk) gone.add(item);
      if (fails(items.filter((item) => !gone.has(item)))) left = left.toSpliced(from, size);
      else {
        for (const item of chunk) gone.delete(item);
        from += size;
      }
    }
  }
  return items.filter((item) => !gone.has(item));
}
