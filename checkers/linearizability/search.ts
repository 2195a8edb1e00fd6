import type { Model } from '../models/model.ts';
import { createConfigurations } from './configurations.ts';
import type { Decider } from './decider.ts';
import { callOf, entriesOf, isCall, operationOf } from './entries.ts';
import type { TimedOperation } from './part.ts';
import { slotsOf } from './slots.ts';
import { stateSpaceOf } from './state-space.ts';
import { createPath } from './path.ts';

/**
 * The general search: a port of `checkSingle` in Porcupine 1.3.0 (checker.go, MIT, © Anish Athalye
 * and contributors), which is Wing and Gong's search ("Testing and verifying concurrent objects",
 * 1993) with Lowe's linked list and cache ("Testing for linearizability", 2017). It goes through the
 * calls before the first return, takes one that the model allows as the next of the linearization,
 * and starts again behind it; a return that is reached was not explained, and the last choice is
 * taken back. A set of operations in a state that was tried before is not tried again.
 *
 * Three things go beyond the original; each loses no linearization, and `brute-force.ts`, which does
 * none of them, agrees in the tests.
 * - *Reads go at once.* An operation that changes no state and is legal now may as well be linearized
 *   now: moving it here from wherever it stood disturbs nobody. So it is never branched over.
 * - *Equals take turns.* Among open operations of equal effect only the one that returns first is
 *   tried: in a linearization that begins with another, the two can change places.
 * - *Unknown operations need not happen.* They have no return that could be reached, the search ends
 *   with the last return, and one that would leave the state as it is now is not tried.
 */
export function createSearch(
  model: Model,
  operations: readonly TimedOperation[],
  onDeadEnd?: (linearized: Int32Array) => void,
): Decider {
  const entries = entriesOf(operations);
  const space = stateSpaceOf(model);
  const slots = slotsOf(operations);
  const path = createPath(operations.length, slots, space.initial);
  const tried = createConfigurations(slots.words);
  const isRead = Uint8Array.from(operations, (each) => Number(isReadOnly(model, each)));
  const isOptional = Uint8Array.from(operations, (each) => Number(each.returnedAt === Infinity));
  const rivals = rivalsOf(model, operations);
  const inputs = operations.map(({ operation }) => operation);
  let steps = 0;
  let farthest = 0;

  const nextState = (at: number): number => space.next(path.state, inputs[at] as never);
  const place = (at: number, state: number): void => {
    entries.lift(at);
    path.place(at, state);
  };

  /** Linearizes every read that fits. One pass is enough: what did not fit still does not. */
  const absorbReads = (): void => {
    let before = 0;
    for (let node = entries.next[0] ?? 0; isCall(node); node = entries.next[before] ?? 0) {
      const at = operationOf(node);
      if (isRead[at] === 1) {
        steps++;
        if (nextState(at) >= 0) {
          place(at, path.state);
          continue;
        }
      }
      before = node;
    }
  };
  const hasRival = (at: number): boolean => {
    if (!rivals.some(at)) return false;
    for (let node = entries.next[0] ?? 0; isCall(node); node = entries.next[node] ?? 0) {
      if (rivals.precedes(operationOf(node), at)) return true;
    }
    return false;
  };
  /** Tries the call at a node as the next of the linearization; gives the node to go on with. */
  const attempt = (node: number): number => {
    const at = operationOf(node);
    const after = entries.next[node] ?? 0;
    steps++;
    if (isRead[at] === 1 || hasRival(at)) return after;
    const state = nextState(at);
    if (state < 0 || (isOptional[at] === 1 && state === path.state)) return after;
    path.open();
    place(at, state);
    absorbReads();
    if (path.first > farthest) farthest = path.first;
    if (tried.add(path.first, path.linearized, path.state)) return entries.next[0] ?? 0;
    return takeBack();
  };
  const takeBack = (): number => {
    const at = path.close(entries.unlift);
    return entries.next[callOf(at)] ?? 0;
  };

  absorbReads();
  farthest = path.first;
  let node = entries.next[0] ?? 0;
  return {
    name: 'search',
    get steps() {
      return steps;
    },
    stuck: () => slots.byReturn[farthest] ?? null,
    run(maxSteps) {
      while (path.first < slots.byReturn.length) {
        if (steps >= maxSteps) return null;
        if (isCall(node)) {
          node = attempt(node);
          continue;
        }
        onDeadEnd?.(path.placed());
        if (path.depth === 0) return 'invalid';
        node = takeBack();
      }
      onDeadEnd?.(path.placed());
      return 'valid';
    },
  };
}

function isReadOnly(model: Model, { operation }: TimedOperation): boolean {
  return model.readOnly?.(operation) === true;
}

interface Rivals {
  /** Whether anything has the same effect at all. */
  some(operation: number): boolean;
  /** Whether the first is to be taken before the second, which has the same effect. */
  precedes(first: number, second: number): boolean;
}

function rivalsOf(model: Model, operations: readonly TimedOperation[]): Rivals {
  const groups = new Map<string, number>();
  const sizes: number[] = [];
  const groupOf = Int32Array.from(operations, ({ operation }) => {
    const { op, input, output, phase } = operation;
    const effect = model.effect?.(operation) ?? JSON.stringify([op, input, output, phase]);
    const group = groups.get(effect) ?? groups.size;
    groups.set(effect, group);
    sizes[group] = (sizes[group] ?? 0) + 1;
    return group;
  });
  const returnedAt = Float64Array.from(operations, (each) => each.returnedAt);
  return {
    some: (operation) => (sizes[groupOf[operation] ?? 0] ?? 0) > 1,
    precedes: (first, second) => {
      if (groupOf[first] !== groupOf[second]) return false;
      const one = returnedAt[first] ?? 0;
      const other = returnedAt[second] ?? 0;
      return one < other || (one === other && first < second);
    },
  };
}
