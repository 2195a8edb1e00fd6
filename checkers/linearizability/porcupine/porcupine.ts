import type { Model, ModelOperation } from '../../models/model.ts';
import { type Configurations, createConfigurations } from './configurations.ts';
import type { Decider } from '../decider.ts';
import { type Entries, callOf, entriesOf, isCall, operationOf } from './entries.ts';
import type { Operations } from '../operations.ts';
import { type Path, createPath } from './path.ts';
import { type Slots, slotsOf } from './slots.ts';
import { type StateSpace, stateSpaceOf } from './state-space.ts';

/**
 * The plain twin of the general search: a port of `checkSingle` in Porcupine 1.3.0 (checker.go, MIT, © Anish Athalye
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
export function createPorcupine(
  model: Model,
  operations: Operations,
  onDeadEnd?: (deadEnd: DeadEnd) => void,
): Decider {
  const search = searchFor(model, operations);
  const { path, slots } = search;
  absorbReads(search);
  search.farthest = path.first();
  let node = search.entries.next[0] ?? 0;
  const deadEnd = (): void => onDeadEnd?.({ placed: path.placed(), returnsPassed: path.first() });
  return {
    name: 'porcupine',
    steps: () => search.steps + search.space.cost(),
    stuck: () => slots.byReturn[search.farthest] ?? null,
    run(maxSteps) {
      while (path.first() < slots.byReturn.length) {
        if (search.steps + search.space.cost() >= maxSteps) return null;
        if (isCall(node)) {
          node = attempt(search, node);
          continue;
        }
        deadEnd();
        if (path.depth() === 0) return 'invalid';
        node = takeBack(search);
      }
      deadEnd();
      return 'valid';
    },
  };
}

/** A linearization that could not be continued, or the whole one at the end. */
export interface DeadEnd {
  /** The operations in their order. It changes when the search goes on, so copy what is to be kept. */
  readonly placed: Int32Array;
  readonly returnsPassed: number;
}

interface Search {
  readonly entries: Entries;
  readonly path: Path;
  readonly slots: Slots;
  /** Lowe's cache: where the search has been, so that it goes nowhere twice. */
  readonly tried: Configurations;
  readonly isRead: Uint8Array;
  /** Operations that may never have happened. */
  readonly isOptional: Uint8Array;
  readonly rivals: Rivals;
  readonly space: StateSpace;
  /** The state after an operation in the current state, or -1. */
  nextState(at: number): number;
  /** Nodes of the list looked at. */
  steps: number;
  /** The most returns passed so far. */
  farthest: number;
}

function searchFor(model: Model, operations: Operations): Search {
  const space = stateSpaceOf(model);
  const slots = slotsOf(operations);
  const path = createPath(operations.length, slots, space.initial);
  const inputs = Array.from({ length: operations.length }, (_, at) => operations.operation(at));
  return {
    entries: entriesOf(operations),
    path,
    slots,
    tried: createConfigurations(slots.words),
    isRead: Uint8Array.from(inputs, (each) => Number(model.readOnly?.(each) === true)),
    isOptional: Uint8Array.from(operations.returns, (each) => Number(each === Infinity)),
    rivals: rivalsOf(model, inputs, operations.returns),
    space,
    nextState: (at) => space.next(path.state(), inputs[at] as ModelOperation),
    steps: 0,
    farthest: 0,
  };
}

/** Tries the call at a node as the next of the linearization; gives the node to go on with. */
function attempt(search: Search, node: number): number {
  const { entries, path } = search;
  const at = operationOf(node);
  const after = entries.next[node] ?? 0;
  search.steps++;
  if (hasRival(search, at)) return after;
  const state = search.nextState(at);
  if (state < 0 || (search.isOptional[at] === 1 && state === path.state())) return after;
  path.open();
  entries.lift(at);
  path.place(at, state);
  absorbReads(search);
  if (path.first() > search.farthest) search.farthest = path.first();
  const isNew = search.tried.add(path.first(), path.linearized, path.state());
  return isNew ? (entries.next[0] ?? 0) : takeBack(search);
}

function takeBack({ path, entries }: Search): number {
  const at = path.close((operation) => entries.unlift(operation));
  return entries.next[callOf(at)] ?? 0;
}

/**
 * Linearizes every read that fits. One pass is enough: what did not fit still does not. A read that fits
 * only some of the states that the object may be in tells which they were, so it is not free.
 */
function absorbReads(search: Search): void {
  const { entries, path, isRead } = search;
  let before = 0;
  for (let node = entries.next[0] ?? 0; isCall(node); node = entries.next[before] ?? 0) {
    const at = operationOf(node);
    if (isRead[at] === 1) {
      search.steps++;
      if (search.nextState(at) === path.state()) {
        entries.lift(at);
        path.place(at, path.state());
        continue;
      }
    }
    before = node;
  }
}

/** Whether an open operation of the same effect is to be taken first. */
function hasRival({ rivals, entries }: Search, at: number): boolean {
  if (!rivals.some(at)) return false;
  for (let node = entries.next[0] ?? 0; isCall(node); node = entries.next[node] ?? 0) {
    if (rivals.precedes(operationOf(node), at)) return true;
  }
  return false;
}

interface Rivals {
  /** Whether anything has the same effect at all. */
  some(operation: number): boolean;
  /** Whether the first is to be taken before the second, which has the same effect. */
  precedes(first: number, second: number): boolean;
}

function rivalsOf(
  model: Model,
  inputs: readonly ModelOperation[],
  returnedAt: Float64Array,
): Rivals {
  const groups = new Map<string, number>();
  const sizes: number[] = [];
  const groupOf = Int32Array.from(inputs, (operation) => {
    const effect = model.effect?.(operation) ?? JSON.stringify(operation);
    const group = groups.get(effect) ?? groups.size;
    groups.set(effect, group);
    sizes[group] = (sizes[group] ?? 0) + 1;
    return group;
  });
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
