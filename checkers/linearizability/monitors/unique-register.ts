import type { Json } from '../../../core/json.ts';
import type { Model } from '../../models/model.ts';
import { valueKey } from '../../models/value.ts';
import { type RegisterView, viewAs } from '../../models/view.ts';
import type { Decider } from '../decider.ts';
import type { TimedOperation } from '../part.ts';

/**
 * Decides a register whose written values are all different, in O(n log n) however many operations
 * overlap or crashed; null when the operations are not of that kind.
 *
 * With different values a read names the write it saw. The operations of one write (or of the initial
 * value), its reads, the cas that replaced it, the reads of that, and so on form a *chain*: no other
 * chain can come in between, since its writes would hide the value for good. Let f be the first return
 * and s the last call in a chain. If f < s the chain holds the register at least from f to s: a
 * forward zone. Otherwise it may happen at any one moment from s to f: a backward zone. The history is
 * linearizable exactly when
 * - every value read or expected was written, no value is replaced twice, no chain is a circle,
 * - within a chain nothing returns before something earlier in the chain was called,
 * - forward zones do not overlap, and no backward zone lies within a forward one.
 *
 * The zones are those of Gibbons and Korach, "Testing shared memories" (1997, section 4); chains carry
 * them over to cas. An operation of unknown outcome took effect exactly when a value that it leads to
 * was observed by one that certainly did; any other can be left out.
 */
export function createUniqueRegister(
  model: Model,
  operations: readonly TimedOperation[],
): Decider | null {
  const chains = chainsOf(model, operations);
  if (chains === null) return null;
  let steps = 0;
  return {
    name: 'unique-register',
    get steps() {
      return steps;
    },
    stuck: () => null,
    run() {
      steps = operations.length;
      return holds(chains) ? 'valid' : 'invalid';
    },
  };
}

/** Values are numbers here: 0 the initial one, the others in order of appearance. */
interface Chains {
  readonly operations: readonly TimedOperation[];
  readonly kinds: readonly RegisterView['kind'][];
  /** What a read returned or a cas expected; -1 for a write. */
  readonly observed: Int32Array;
  /** What a write or cas left behind; -1 for a read. */
  readonly produced: Int32Array;
  /** The operation that wrote each value; -1 for the initial one and for those nobody wrote. */
  readonly producers: readonly number[];
}

function chainsOf(model: Model, operations: readonly TimedOperation[]): Chains | null {
  const numbers = new Map<string | number, number>([[model.stateKey(model.init), 0]]);
  const producers: number[] = [-1];
  const numberOf = (value: Json): number => {
    const key = valueKey(value);
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = producers.push(-1) - 1));
    return number;
  };
  const kinds: RegisterView['kind'][] = [];
  const observed = new Int32Array(operations.length).fill(-1);
  const produced = new Int32Array(operations.length).fill(-1);
  for (const [at, { operation }] of operations.entries()) {
    const view = viewAs(model, 'register', operation);
    if (view === null) return null;
    kinds.push(view.kind);
    if (view.kind === 'read') observed[at] = numberOf(view.value);
    if (view.kind === 'cas') observed[at] = numberOf(view.from);
    if (view.kind === 'read') continue;
    const value = numberOf(view.kind === 'write' ? view.value : view.to);
    if (value === 0 || producers[value] !== -1) return null;
    producers[value] = at;
    produced[at] = value;
  }
  return { operations, kinds, observed, produced, producers };
}

function holds(chains: Chains): boolean {
  const happened = whatHappened(chains);
  if (happened === null) return false;
  const { kinds, observed, produced, producers } = chains;
  const readers: number[][] = producers.map(() => []);
  const replacers: number[] = producers.map(() => -1);
  let changes = 0;
  for (const [at, kind] of kinds.entries()) {
    if (happened[at] !== 1) continue;
    const value = observed[at] ?? 0;
    if (kind === 'read') readers[value]?.push(at);
    else changes++;
    if (kind !== 'cas') continue;
    if (replacers[value] !== -1) return false;
    replacers[value] = at;
  }

  const zones: Zone[] = [];
  for (const [value, producer] of producers.entries()) {
    const isRoot = value === 0 || (happened[producer] === 1 && kinds[producer] === 'write');
    if (!isRoot) continue;
    const zone = zoneOf(chains, value, { readers, replacers });
    if (zone === null) return false;
    changes -= zone.changes;
    zones.push(zone);
  }
  // A change that no chain reached hangs on a circle of cas.
  return changes === 0 && produced.length === kinds.length && fit(zones);
}

/**
 * Marks what certainly returned and, going back from there, all that it needs; null when something
 * needs a value that nobody wrote.
 */
function whatHappened({ operations, observed, producers }: Chains): Uint8Array | null {
  const happened = new Uint8Array(operations.length);
  const todo: number[] = [];
  const mark = (at: number): void => {
    if (happened[at] === 1) return;
    happened[at] = 1;
    todo.push(at);
  };
  for (const [at, { returnedAt }] of operations.entries()) if (returnedAt !== Infinity) mark(at);
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    const value = observed[at] ?? -1;
    if (value <= 0) continue;
    const producer = producers[value] ?? -1;
    if (producer < 0) return null;
    mark(producer);
  }
  return happened;
}

interface Zone {
  readonly firstReturn: number;
  readonly lastCall: number;
  /** Writes and cas in the chain. */
  readonly changes: number;
}

interface Links {
  readonly readers: readonly (readonly number[])[];
  /** The cas that replaced each value, or -1. */
  readonly replacers: readonly number[];
}

/** Follows a chain from its first value; null when its order contradicts real time. */
function zoneOf(
  { operations, produced, producers }: Chains,
  root: number,
  { readers, replacers }: Links,
): Zone | null {
  // The initial value was written before everything.
  let firstReturn = root === 0 ? -Infinity : Infinity;
  let lastCall = -Infinity;
  let changes = 0;
  for (let value = root; value >= 0;) {
    const producer = producers[value] ?? -1;
    for (const stage of [producer < 0 ? [] : [producer], readers[value] ?? []]) {
      const before = lastCall;
      for (const at of stage) {
        const { calledAt = 0, returnedAt = 0 } = operations[at] ?? {};
        if (returnedAt < before) return null;
        firstReturn = Math.min(firstReturn, returnedAt);
        lastCall = Math.max(lastCall, calledAt);
      }
    }
    if (producer >= 0) changes++;
    const replacer = replacers[value] ?? -1;
    value = replacer < 0 ? -1 : (produced[replacer] ?? -1);
  }
  return { firstReturn, lastCall, changes };
}

function fit(zones: readonly Zone[]): boolean {
  const forward = zones.filter(({ firstReturn, lastCall }) => firstReturn < lastCall);
  forward.sort((one, other) => one.firstReturn - other.firstReturn);
  for (const [at, zone] of forward.entries()) {
    const previous = forward[at - 1];
    if (previous !== undefined && zone.firstReturn < previous.lastCall) return false;
  }
  return zones.every((zone) => zone.firstReturn < zone.lastCall || fitsBetween(zone, forward));
}

/** Whether a backward zone has a moment outside the forward ones, which are apart and in order. */
function fitsBetween({ firstReturn, lastCall }: Zone, forward: readonly Zone[]): boolean {
  let low = 0;
  for (let high = forward.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((forward[middle]?.firstReturn ?? 0) < lastCall) low = middle + 1;
    else high = middle;
  }
  const last = forward[low - 1];
  return last === undefined || last.lastCall <= firstReturn;
}
