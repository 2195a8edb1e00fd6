import type { LaidOut } from './order-problem.ts';
import { initial, nobody } from './registers.ts';
import { never } from './transaction.ts';

/** How far a search for an order has come. Changes are taken back in the reverse order. */
export interface OrderState {
  readonly laidOut: LaidOut;
  /** One of `phase` for each transaction. */
  readonly status: Uint8Array;
  /** The version of each key. */
  readonly current: Int32Array;
  /** Readers still to come, of each version and of the initial one of each key. */
  readonly left: Uint32Array;
  readonly leftOfInitial: Uint32Array;
  /** How many transactions that should come before each one are not over: surely, and by hints. */
  readonly waits: Uint32Array;
  readonly hinted: Uint32Array;
  /** 1 for keys that a transaction which has begun is going to write. */
  readonly locked: Uint8Array;
  /** What has begun and not committed. */
  readonly begun: Set<number>;
  /** Transactions in the order of their returns, the place of each, and how many of the first are over. */
  readonly returns: Uint32Array;
  readonly rank: Uint32Array;
  returned: number;
  done: number;
  /** Steps taken: `2t` for a transaction that began, `2t + 1` for one that committed. */
  readonly trail: number[];
  /** The versions that writes replaced, in the same order. */
  readonly replaced: number[];
  /** Those that have not begun, as a list in order of their calls; the last place is its head. */
  readonly next: Uint32Array;
  readonly previous: Uint32Array;
  /** Tells apart what has happened so far and which version each key has; see `order-moves.ts`. */
  readonly hash: Int32Array;
}

/** The status of a transaction. */
export const phase = { waiting: 0, begun: 1, over: 2 } as const;

export function createOrderState(laidOut: LaidOut): OrderState {
  const { members, problem, readersOf, readersOfInitial, needs, hints } = laidOut;
  const { count, keys, returnAt } = problem.accesses.registers.transactions;
  const [next, previous] = [new Uint32Array(count + 1), new Uint32Array(count + 1)];
  let last = count;
  for (const at of [...members, count]) {
    next[last] = at;
    previous[at] = last;
    last = at;
  }
  const returns = members.filter((at) => returnAt[at] !== never);
  returns.sort((one, other) => (returnAt[one] ?? 0) - (returnAt[other] ?? 0));
  const rank = new Uint32Array(count).fill(never);
  returns.forEach((at, place) => (rank[at] = place));
  return {
    laidOut,
    status: new Uint8Array(count),
    current: new Int32Array(keys.length).fill(initial),
    left: readersOf.slice(),
    leftOfInitial: readersOfInitial.slice(),
    waits: needs.waits.slice(),
    hinted: hints.waits.slice(),
    locked: new Uint8Array(keys.length),
    begun: new Set(),
    returns,
    rank,
    returned: 0,
    done: 0,
    trail: [],
    replaced: [],
    next,
    previous,
    hash: new Int32Array(3),
  };
}

/** Those that have not begun, in order of their calls. */
export function* waitingOf({ next, laidOut }: OrderState): Generator<number> {
  const end = laidOut.problem.accesses.registers.transactions.count;
  for (let at = next[end] ?? end; at !== end; at = next[at] ?? end) yield at;
}

/** Whoever was called after this place was so when someone had returned who is not over here. */
export function horizonOf(state: OrderState): number {
  const { laidOut, returns, status } = state;
  while (state.returned < returns.length && status[returns[state.returned] ?? 0] === phase.over) {
    state.returned++;
  }
  const { returnAt } = laidOut.problem.accesses.registers.transactions;
  return state.returned === returns.length ? never : (returnAt[returns[state.returned] ?? 0] ?? 0);
}

/** Whether the data, and the process, allow a transaction to come next; in snapshots, to begin. */
export function canCome(state: OrderState, at: number): boolean {
  const { laidOut, waits, status, current, locked } = state;
  const { before, readStart, readKey, readVersion, problem } = laidOut;
  const earlier = before[at] ?? nobody;
  if (waits[at] !== 0 || (earlier !== nobody && status[earlier] !== phase.over)) return false;
  const end = readStart[at + 1] ?? 0;
  for (let each = readStart[at] ?? 0; each < end; each++) {
    if (current[readKey[each] ?? 0] !== readVersion[each]) return false;
  }
  return keysWritten(laidOut, at).every((key) =>
    problem.moments === 'snapshot'
      ? locked[key] === 0
      : readersLeft(state, key) === (hasRead(laidOut, at, key) ? 1 : 0),
  );
}

/** The keys that a transaction writes. */
export function keysWritten({ problem, writeKey }: LaidOut, at: number): Uint32Array {
  const { start } = problem.accesses.writes.byWriter;
  return writeKey.subarray(start[at], start[at + 1]);
}

function hasRead({ readStart, readKey }: LaidOut, at: number, key: number): boolean {
  const end = readStart[at + 1] ?? 0;
  for (let each = readStart[at] ?? 0; each < end; each++) if (readKey[each] === key) return true;
  return false;
}

/** Who has still to read the version that a key has. */
export function readersLeft({ current, left, leftOfInitial }: OrderState, key: number): number {
  const version = current[key] ?? initial;
  return (version === initial ? leftOfInitial[key] : left[version]) ?? 0;
}
