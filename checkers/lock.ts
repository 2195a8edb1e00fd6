import type { Checker } from '../core/checker.ts';
import type { OpEvent } from '../core/event.ts';
import { type Operation, operationsOf } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import {
  type Finding,
  type Tally,
  clockOf,
  createTally,
  keyWords,
  mostExamples,
  objectsOf,
  strangersIn,
  verdictOf,
  withoutJudgement,
} from './findings.ts';
import { type Hold, type Lease, certainlyLasts, holdsOf, mayLast } from './lock-holds.ts';
import { wordsOf } from './models/value.ts';
import { type Reading, risingPairs } from './rising.ts';

export interface LockOptions {
  /**
   * How long a hold lasts that nobody released: `none`, for ever; a number, so many milliseconds from the
   * call of `acquire`, if it was not renewed; `unknown`, the default, nobody can tell.
   */
  readonly lease?: Lease;
  /** Whether its holder may acquire a lock again; it may not by default. */
  readonly reentrant?: boolean;
}

interface Looking {
  readonly at: (event: OpEvent) => string;
  readonly reentrant: boolean;
  readonly twoHolders: Tally;
  readonly tokenOrder: Tally;
  readonly staleWrites: Tally;
  /** Pairs that overlap only if neither hold was over early. */
  readonly perhaps: Tally;
  acquired: number;
  tokens: number;
  writes: number;
}

/**
 * Mutual exclusion: a lock is not held by two at once. A hold certainly lasts from the return of
 * `acquire` to the call of the `release` that succeeded; what crashed holders and leases leave open is
 * `unknown` unless `lease` settles it. Where `acquire` returns fencing tokens, a later acquisition gets a
 * greater one; where the protected resource takes part, as `write` with `{ token, … }` or
 * `[token, …]`, it refuses tokens older than one that it accepted before (Kleppmann, "How to do
 * distributed locking", 2016). Each key is a lock with its resource. Time is n log n.
 */
export function lock({ lease = 'unknown', reentrant = false }: LockOptions = {}): Checker {
  return {
    name: 'lock',
    summary:
      'no two held a lock at once, later holders got greater tokens, and no older token wrote',
    check(history) {
      const operations = operationsOf(history);
      const problem =
        strangersIn(operations, ['acquire', 'release', 'write', 'read']) ?? oddWrite(operations);
      if (problem !== null) return withoutJudgement('lock', problem);
      const looking = lookingAt(operations, reentrant);
      for (const own of objectsOf(operations).values()) {
        checkHolds(looking, holdsOf(own, lease));
        checkTokens(looking, own);
        checkWrites(looking, own);
      }
      const { acquired, tokens, writes, twoHolders, tokenOrder, staleWrites, perhaps } = looking;
      return verdictOf({
        checker: 'lock',
        convicting: { twoHolders, tokenOrder, staleWrites },
        reservations: reservationsOf(looking),
        praise: `${acquired} acquisitions, one holder at a time (${tokens} tokens, ${writes} fenced writes)`,
        details: { acquired, tokens, writes, perhaps: perhaps.details() },
      });
    },
  };
}

function lookingAt(operations: readonly Operation[], reentrant: boolean): Looking {
  const tallies = {
    twoHolders: createTally(),
    tokenOrder: createTally(),
    staleWrites: createTally(),
    perhaps: createTally(),
  };
  return { at: clockOf(operations), reentrant, ...tallies, acquired: 0, tokens: 0, writes: 0 };
}

function reservationsOf({ acquired, writes, perhaps }: Looking): string[] {
  const reservations: string[] = [];
  const first = perhaps.worst();
  if (first !== undefined) {
    reservations.push(
      `${first.words}; the first hold may have been over by then (say how long leases last), ${perhaps.count()} such cases`,
    );
  }
  if (acquired === 0 && writes === 0) reservations.push('no lock was acquired');
  return reservations;
}

/** The holds of one lock, in the order in which they began. */
function checkHolds(looking: Looking, holds: readonly Hold[]): void {
  looking.acquired += holds.length;
  let earlier: Hold[] = [];
  for (const hold of holds) {
    const now = hold.acquired;
    earlier = earlier.filter((each) => mayLast(each, now));
    const others = looking.reentrant
      ? earlier.filter(({ acquired }) => acquired.process !== now.process)
      : earlier;
    const lasts = certainlyLasts(hold, now);
    const holder = others.find(
      // Acquired all within another hold, or still held when it returned, which a lease may not be.
      (each) => certainlyLasts(each, now) && (lasts || each.acquired.index < hold.asked.index),
    );
    const perhaps = others.at(-1);
    if (holder !== undefined) looking.twoHolders.add(overlap(looking, holder, hold));
    else if (perhaps !== undefined) looking.perhaps.add(overlap(looking, perhaps, hold));
    // Bounded, because holds that nobody ended stay; the latest ones tell the most.
    earlier = [...earlier.slice(1 - mostExamples), hold];
  }
}

function overlap({ at }: Looking, first: Hold, second: Hold): Finding {
  const [one, other] = [first.acquired, second.acquired];
  const end = first.ended;
  const until =
    end === null
      ? 'and never released it'
      : `and called release at ${at(end)}${end.process === one.process ? '' : ` from process ${end.process}`}`;
  return {
    severity: (end ?? other).timeNs - other.timeNs,
    words: `process ${one.process}${tokenWords(one)} got the lock${keyWords(one)} by ${at(one)} ${until}, but process ${other.process}${tokenWords(other)} had it by ${at(other)}`,
    evidence: {
      firstHolder: one.process,
      firstAcquired: one.index,
      firstReleased: end?.index ?? null,
      secondHolder: other.process,
      secondAcquired: other.index,
    },
  };
}

const tokenWords = ({ value }: OpEvent): string =>
  typeof value === 'number' ? ` (token ${value})` : '';

function checkTokens(looking: Looking, operations: readonly Operation[]): void {
  const acquires = operations.filter(({ invoke }) => invoke.op === 'acquire');
  const tokenIn = (_operation: Operation, { value }: OpEvent): number | null =>
    typeof value === 'number' ? value : null;
  const holderOf = new Map<number, OpEvent>();
  for (const { reading, before } of risingPairs(acquires, tokenIn)) {
    looking.tokens++;
    const { event, value } = reading;
    const twin = holderOf.get(value);
    holderOf.set(value, event);
    const wrong = before !== undefined && before.value >= value ? before.event : twin;
    if (wrong === undefined) continue;
    if (looking.reentrant && wrong.process === event.process && wrong.value === value) continue;
    looking.tokenOrder.add(
      inverted(looking, { event: wrong, value: Number(wrong.value) }, reading),
    );
  }
}

function inverted({ at }: Looking, before: Reading, after: Reading): Finding {
  return {
    severity: before.value - after.value,
    words: `process ${after.event.process} got the token ${after.value}${keyWords(after.event)} at ${at(after.event)}, though process ${before.event.process} had got ${before.value} at ${at(before.event)}`,
    evidence: {
      before: before.value,
      beforeIndex: before.event.index,
      after: after.value,
      afterIndex: after.event.index,
    },
  };
}

function checkWrites(looking: Looking, operations: readonly Operation[]): void {
  const writes = operations.filter(({ invoke }) => invoke.op === 'write');
  const { at } = looking;
  for (const pair of risingPairs(writes, ({ invoke }) => fenceOf(invoke.value))) {
    looking.writes++;
    const { reading, before } = pair;
    if (before === undefined || before.value <= reading.value) continue;
    const { event, value } = reading;
    looking.staleWrites.add({
      severity: before.value - value,
      words: `a write by process ${event.process} with token ${value}${keyWords(event)} was accepted at ${at(event)}, though token ${before.value} of process ${before.event.process} had been accepted by ${at(before.event)}`,
      evidence: {
        newer: before.value,
        newerIndex: before.event.index,
        older: value,
        olderIndex: event.index,
      },
    });
  }
}

/** The token that a write carries; null where there is none. */
function fenceOf(value: Json): number | null {
  if (value === null || typeof value !== 'object') return null;
  const token = Array.isArray(value) ? (value[0] as Json) : (value as { token?: Json }).token;
  return typeof token === 'number' ? token : null;
}

function oddWrite(operations: readonly Operation[]): string | null {
  for (const { invoke } of operations) {
    if (invoke.op !== 'write' || fenceOf(invoke.value) !== null) continue;
    return `expected each write to carry its token, as {"token": 7} or [7, …], got ${wordsOf(invoke.value)}`;
  }
  return null;
}
