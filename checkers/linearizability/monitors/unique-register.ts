import type { Model } from '../../models/model.ts';
import type { Decider } from '../decider.ts';
import type { Operations } from '../operations.ts';
import { firstWrongOf } from './first-wrong.ts';
import { type RegisterColumns, registerColumns } from './register-columns.ts';
import { type Zones, clashOf, createZones } from './zones.ts';

/**
 * Decides a register whose written values are all different, as far as anyone observed them, in
 * O(n log n) however many operations overlap or crashed; null when the operations are not of that kind.
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
export function createUniqueRegister(model: Model, operations: Operations): Decider | null {
  const columns = registerColumns(model, operations);
  if (columns === null) return null;
  const judge = (each: Operations): number | null => {
    const prefix = registerColumns(model, each);
    return prefix === null ? null : violationIn(prefix);
  };
  let steps = 0;
  let isValid = true;
  return {
    name: 'unique-register',
    steps: () => steps,
    stuck: () => (isValid ? null : firstWrongOf(operations, judge)),
    run() {
      steps = operations.length;
      isValid = violationIn(columns) === null;
      return isValid ? 'valid' : 'invalid';
    },
  };
}

/** Null when the history is linearizable; else a guess at when it ceases to be. */
function violationIn(columns: RegisterColumns): number | null {
  const { operations, observed, producers, values } = columns;
  const happened = whatHappened(columns);
  if (typeof happened === 'number') return happened;
  const links = linksOf(columns, happened);
  if (typeof links === 'number') return links;

  const zones = createZones(operations);
  let changesLeft = links.changes;
  for (let value = 0; value < values; value++) {
    const producer = producers[value] ?? -1;
    const isRoot = value === 0 || (happened[producer] === 1 && observed[producer] === -1);
    if (!isRoot) continue;
    const changes = followChain(columns, links, { root: value, zones });
    if (changes < 0) return zones.end();
    changesLeft -= changes;
  }
  // A change that no chain reached hangs on a circle of cas.
  return changesLeft > 0 ? Infinity : clashOf(zones);
}

/**
 * Marks what certainly returned and, going back from there, all that it needs. When something needs a
 * value that nobody wrote, the result is its return.
 */
function whatHappened({ operations, observed, producers }: RegisterColumns): Uint8Array | number {
  const happened = new Uint8Array(operations.length);
  for (let at = 0; at < operations.length; at++) {
    const returnedAt = operations.returns[at] as number;
    if (returnedAt === Infinity) continue;
    // Whoever returned and was marked already has all that it needs marked too.
    for (let needed = at; happened[needed] !== 1;) {
      happened[needed] = 1;
      const value = observed[needed] ?? -1;
      if (value <= 0) break;
      needed = producers[value] ?? -1;
      if (needed < 0) return returnedAt;
    }
  }
  return happened;
}

/** What happened to each value; all by operation, -1 for none. */
interface Links {
  /** The read that returned first, and the one that was called last. */
  readonly firstRead: Int32Array;
  readonly lastRead: Int32Array;
  /** The cas that replaced it. */
  readonly replacer: Int32Array;
  /** How many writes and cas happened. */
  readonly changes: number;
}

/** When a value is replaced twice, the result is the later return. */
function linksOf(columns: RegisterColumns, happened: Uint8Array): Links | number {
  const { operations, observed, produced, values } = columns;
  const firstRead = new Int32Array(values).fill(-1);
  const lastRead = new Int32Array(values).fill(-1);
  const replacer = new Int32Array(values).fill(-1);
  let changes = 0;
  for (let at = 0; at < operations.length; at++) {
    if (happened[at] !== 1) continue;
    const value = observed[at] ?? -1;
    const returnedAt = operations.returns[at] as number;
    if (produced[at] !== -1) {
      changes++;
      if (value === -1) continue;
      const other = operations.returns[replacer[value] ?? -1];
      if (other !== undefined) return Math.max(returnedAt, other);
      replacer[value] = at;
      continue;
    }
    const first = operations.returns[firstRead[value] ?? -1];
    if (first === undefined || returnedAt < first) firstRead[value] = at;
    // Operations come in the order of their calls.
    lastRead[value] = at;
  }
  return { firstRead, lastRead, replacer, changes };
}

/** Adds a chain's zone, and tells its length; -1 when the order of the chain contradicts real time. */
function followChain(
  { produced, producers }: RegisterColumns,
  { firstRead, lastRead, replacer }: Links,
  { root, zones }: { readonly root: number; readonly zones: Zones },
): number {
  zones.begin(root === 0);
  let changes = 0;
  for (let value = root; value >= 0;) {
    const producer = producers[value] ?? -1;
    if (producer >= 0) {
      changes++;
      if (!zones.add(producer, producer)) return -1;
    }
    const [first = -1, last = -1] = [firstRead[value], lastRead[value]];
    if (first >= 0 && !zones.add(first, last)) return -1;
    value = produced[replacer[value] ?? -1] ?? -1;
  }
  return changes;
}
