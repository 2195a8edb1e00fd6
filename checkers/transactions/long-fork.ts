import type { Checker } from '../../core/checker.ts';
import type { OpEvent } from '../../core/event.ts';
import { type History, operationsOf } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';
import type { Verdict } from '../../core/verdict.ts';
import {
  clockOf,
  createTally,
  evidenceOf,
  outcomeOf,
  strangersIn,
  verdictOf,
  withoutJudgement,
} from '../findings.ts';
import { valueKey, valueText, wordsOf } from '../models/value.ts';
import { type Work, withinLimits } from '../work.ts';

/**
 * Two reads of a group of keys, each written once, that saw two of the writes in opposite orders: one saw
 * the first and not the second, the other the second and not the first. Parallel snapshot isolation allows
 * that, snapshot isolation does not (Sovran et al., "Transactional storage for geo-replicated systems",
 * 2011). Reads are `read` or `txn` of `["r", key, value]`, writes `write` or `txn` of one
 * `["w", key, value]`; an unwritten key reads null. Time is n log n. After `long-fork` of Jepsen.
 */
export const longFork: Checker = {
  name: 'long-fork',
  summary: 'no two reads of a group of keys saw two writes in opposite orders',
  check: (history, context = {}) => withinLimits('long-fork', context, judge(history)),
};

/** Operations between two stints, and what one of them fills, about. */
const operationsAtOnce = 1000;
const bytesEach = 300;

function* judge(history: History): Work<Verdict> {
  const operations = operationsOf(history);
  const stranger = strangersIn(operations, ['read', 'write', 'txn']);
  if (stranger !== null) return withoutJudgement('long-fork', stranger);
  const values = new Map<string | number, Json>();
  const sights: Sight[] = [];
  for (const [at, operation] of operations.entries()) {
    if (at % operationsAtOnce === 0) {
      yield { steps: 50 * operationsAtOnce, bytes: bytesEach * operationsAtOnce };
    }
    const done = outcomeOf(operation) === 'ok';
    const event = (done ? operation.complete : undefined) ?? operation.invoke;
    const micros = microsOf(event.value);
    const problem = micros === null ? oddValue(event.value) : rewritten(values, micros, done);
    if (problem !== null) return withoutJudgement('long-fork', problem);
    if (done && micros?.every(({ write }) => !write) === true) sights.push(sightOf(event, micros));
  }
  return verdictOn(sights, clockOf(operations));
}

interface Micro {
  readonly write: boolean;
  readonly key: Json;
  readonly value: Json;
}

/** Whether a part of that name writes. */
const spellings: ReadonlyMap<string, boolean> = new Map([
  ['r', false],
  ['read', false],
  ['w', true],
  ['write', true],
]);

/** Null where it is not one write, or reads alone. */
function microsOf(value: Json): readonly Micro[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const micros = (value as readonly Json[]).map((each): Micro | null => {
    const [kind, key, its] = Array.isArray(each) ? (each as readonly Json[]) : [];
    const write = typeof kind === 'string' ? spellings.get(kind) : undefined;
    return write === undefined || key === undefined ? null : { write, key, value: its ?? null };
  });
  const known = micros.filter((each) => each !== null);
  const writes = known.filter(({ write }) => write).length;
  return known.length === micros.length && (writes === 0 || micros.length === 1) ? known : null;
}

function oddValue(value: Json): string {
  return `expected reads such as [["r", 1, null], ["r", 2, null]] and single writes such as [["w", 1, 1]], got ${wordsOf(value)}: nothing can be concluded`;
}

/** Notes what keys were written to; says why nothing follows when a key was written twice. */
function rewritten(
  values: Map<string | number, Json>,
  micros: readonly Micro[],
  done: boolean,
): string | null {
  for (const { write, key, value } of micros) {
    if (value === null || (!write && !done)) continue;
    const name = valueKey(key);
    const known = values.get(name);
    if (known !== undefined && valueKey(known) !== valueKey(value)) {
      return `expected each key to be written once, got ${wordsOf(known)} and ${wordsOf(value)} for ${wordsOf(key)}: reads do not say what was unwritten`;
    }
    values.set(name, value);
  }
  return null;
}

/** A read of a group: which of its keys, in a fixed order, were written by then. */
interface Sight {
  readonly event: OpEvent;
  readonly group: string;
  readonly keys: readonly Json[];
  readonly seen: readonly boolean[];
  readonly count: number;
}

function sightOf(event: OpEvent, micros: readonly Micro[]): Sight {
  const named = new Map(micros.map((each) => [valueText(each.key), each]));
  const sorted = [...named].sort(([one], [other]) => (one < other ? -1 : 1));
  const seen = sorted.map(([, { value }]) => value !== null);
  return {
    event,
    group: sorted.map(([name]) => name).join(),
    keys: sorted.map(([, { key }]) => key),
    seen,
    count: seen.filter(Boolean).length,
  };
}

function verdictOn(sights: readonly Sight[], at: (event: OpEvent) => string): Verdict {
  const forks = createTally();
  const groups = Map.groupBy(sights, ({ group }) => group);
  for (const own of groups.values()) {
    for (const [one, other] of forksIn(own)) {
      const [first, second] = [missing(one, other), missing(other, one)].map(wordsOf);
      forks.add({
        severity: 0,
        words:
          `process ${one.event.process} saw ${second} written and ${first} not at ${at(one.event)}, ` +
          `process ${other.event.process} saw ${first} written and ${second} not at ${at(other.event)}`,
        evidence: { reads: [one, other].map(({ event }) => evidenceOf(event.value)) },
      });
    }
  }
  const partial = sights.filter(({ seen, count }) => count > 0 && count < seen.length).length;
  return verdictOf({
    checker: 'long-fork',
    convicting: { forks },
    reservations: sights.length === 0 ? ['no read succeeded that could be judged'] : [],
    praise: `${sights.length} reads of ${groups.size} groups, and no two saw writes in opposite orders`,
    details: { reads: sights.length, groups: groups.size, sawSomeButNotAll: partial },
  });
}

/**
 * Without a fork, the sets of writes that reads saw contain each other in order of their sizes; so only
 * neighbours in that order need be compared to find whether there is one.
 */
function* forksIn(sights: readonly Sight[]): Generator<readonly [Sight, Sight]> {
  const sorted = sights.toSorted((one, other) => one.count - other.count);
  for (const [place, larger] of sorted.entries()) {
    const smaller = sorted[place - 1];
    if (smaller === undefined || smaller.seen.every((seen, key) => !seen || larger.seen[key])) {
      continue;
    }
    yield [smaller, larger];
  }
}

/** A key that the other saw written and this one did not. */
function missing(one: Sight, other: Sight): Json {
  return one.keys[one.seen.findIndex((seen, key) => !seen && other.seen[key])] ?? null;
}
