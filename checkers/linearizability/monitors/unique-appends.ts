import { casRegister } from '../../models/index.ts';
import type { Model, ModelOperation } from '../../models/model.ts';
import { type AppendableView, viewsAs } from '../../models/view.ts';
import type { Decider } from '../decider.ts';
import { type Operations, placesWhere, selectFrom } from '../operations.ts';
import { type Order, orderOf } from './append-order.ts';
import { createUniqueRegister } from './unique-register.ts';

/**
 * Decides a text or list that grows by pieces which are all different, in time linear in what was read
 * and O(n log n) in the number of operations; null when the operations are not of that kind.
 *
 * A read shows all pieces in their order, so it names the one before each (the idea of Elle's
 * list-append, Kingsbury and Alvaro 2020, section 4). As every piece is appended once, the whole value
 * after an append is known by its last piece, and the append is a compare-and-set from the value before
 * to its own. An append that no read shows must have come when nobody read any more before the next
 * write, just as a write of a register that nobody reads. What is left is a register with unique values.
 */
export function createUniqueAppends(model: Model, operations: Operations): Decider | null {
  const views = viewsAs(model, 'appendable', operations);
  if (views === null) return null;
  const order = orderOf(views, operations);
  if (order === 'ambiguous') return null;
  const register = order === 'contradictory' ? null : asRegister(views, operations, order);
  let steps = 0;
  return {
    name: 'unique-appends',
    steps: () => steps,
    stuck: () => null,
    run() {
      steps = operations.length;
      return register?.run(Infinity) ?? 'invalid';
    },
  };
}

const register = casRegister({ init: 0 });

function asRegister(
  views: readonly AppendableView[],
  operations: Operations,
  { before, read }: Order,
): Decider | null {
  const isSeen = (at: number): boolean => (before[at] ?? -1) >= 0;
  const derivedFrom = (at: number): ModelOperation => {
    const operation = operations.operation(at);
    const value = at + 1;
    if (views[at]?.kind === 'read') return { ...operation, op: 'read', output: read[at] ?? 0 };
    return views[at]?.kind === 'append' && isSeen(at)
      ? { ...operation, op: 'cas', input: [before[at] ?? 0, value] }
      : { ...operation, op: 'write', input: value };
  };
  // What need not have happened and nobody saw, did not.
  const counts = placesWhere(
    operations,
    (at) => views[at]?.kind === 'write' || isSeen(at) || operations.returns[at] !== Infinity,
  );
  return createUniqueRegister(
    register,
    selectFrom({ ...operations, operation: derivedFrom, exchanges: undefined }, counts),
  );
}
