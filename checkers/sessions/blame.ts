import type { Operation } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';
import { violationIn } from './cycle.ts';
import { type Guarantee, edgesOf, guarantees } from './guarantees.ts';

/**
 * The smallest sets of guarantees that cannot hold together for one register, each of them without any
 * other among its subsets; null when the steps ran out. One alone is certainly broken; of several,
 * nobody can tell which one is.
 */
export function conflictsIn(
  operations: readonly Operation[],
  init: Json,
  { wanted, budget }: { readonly wanted: readonly Guarantee[]; readonly budget: { steps: number } },
): readonly (readonly Guarantee[])[] | null {
  const conflicts: (readonly Guarantee[])[] = [];
  for (const some of subsetsOf(wanted)) {
    const known = conflicts.some((conflict) => conflict.every((each) => some.includes(each)));
    const violation = known ? null : violationIn(edgesOf(operations, init, some), budget);
    if (violation === 'unknown') return null;
    if (violation !== null) conflicts.push(some);
  }
  return conflicts;
}

/** All but the empty one, small ones first. */
function subsetsOf(wanted: readonly Guarantee[]): readonly (readonly Guarantee[])[] {
  let subsets: (readonly Guarantee[])[] = [[]];
  for (const each of guarantees.filter((guarantee) => wanted.includes(guarantee))) {
    subsets = [...subsets, ...subsets.map((some) => [...some, each])];
  }
  return subsets.slice(1).sort((one, other) => one.length - other.length);
}
