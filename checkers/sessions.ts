import type { Checker } from '../core/checker.ts';
import type { OpEvent } from '../core/event.ts';
import { type Operation, operationsOf } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import {
  clockOf,
  createTally,
  evidenceOf,
  keyWords,
  objectsOf,
  outcomeOf,
  strangersIn,
  verdictOf,
  withoutJudgement,
} from './findings.ts';
import { valueKey, wordsOf } from './models/value.ts';

export interface SessionsOptions {
  /** What a register reads as before the first write, null by default. */
  readonly init?: Json;
}

/** Steps after which a register whose clients disagree is given up as `unknown`. */
const stepsDefault = 20_000_000;

type Name = string | number;

/** One value has to come before another in what a process sees. */
interface Edge {
  readonly from: Name;
  readonly to: Name;
  /** Whose session says so, and where: null for the initial value, which comes first for all. */
  readonly event: OpEvent | null;
  /** What a read tells, its own process must respect; what a write tells, all must. */
  readonly shared: boolean;
  readonly words: string;
}

type Graph = ReadonlyMap<Name, readonly Edge[]>;

/**
 * Monotonic reads, monotonic writes, read your writes and writes follow reads, together and for each
 * register by itself (Terry et al., "Session Guarantees for Weakly Consistent Replicated Data", 1994).
 * Each value is written once, so that a read names its write. A process must be able to see the writes
 * in some order that fits its own session and puts what others wrote behind what they had written or
 * read before. Processes need not agree beyond that. Time is linear where no two sessions disagree,
 * else linear for each process.
 */
export function sessions({ init = null }: SessionsOptions = {}): Checker {
  return {
    name: 'sessions',
    summary: 'no process saw a register go back behind what it had read or written',
    check(history, { maxSteps = stepsDefault } = {}) {
      const operations = operationsOf(history);
      const stranger = strangersIn(operations, ['read', 'write']);
      if (stranger !== null) return withoutJudgement('sessions', stranger);
      const at = clockOf(operations);
      const violated = createTally();
      const reservations: string[] = [];
      const budget = { steps: maxSteps };
      let judged = 0;
      for (const own of objectsOf(operations).values()) {
        const odd = oddValue(own, init);
        if (odd !== null) reservations.push(odd);
        if (odd !== null) continue;
        judged += own.filter(({ complete }) => complete?.phase === 'ok').length;
        const cycle = violationIn(edgesOf(own, init), budget);
        if (cycle === 'unknown') reservations.push('the search for a violation ran out of steps');
        if (cycle === null || cycle === 'unknown') continue;
        const steps = cycle.slice(0, 8).map(({ event, words, from, to }) => ({
          words: event === null ? words : `process ${event.process} ${words} at ${at(event)}`,
          before: evidenceOf(from),
          after: evidenceOf(to),
          index: event?.index ?? null,
        }));
        const first = cycle.find(({ event }) => event !== null)?.event;
        violated.add({
          severity: -cycle.length,
          words: `no order of the writes${first == null ? '' : keyWords(first)} fits: ${steps.map(({ words }) => words).join(', ')}`,
          evidence: { steps, stepsLeftOut: cycle.length - steps.length },
        });
      }
      if (judged === 0) reservations.push('no operation succeeded that could be judged');
      return verdictOf({
        checker: 'sessions',
        convicting: { violated },
        reservations,
        praise: `${judged} operations, and no session went back`,
        details: { judged },
      });
    },
  };
}

/** Why nothing follows from the values of a register; null when each was written once at most. */
function oddValue(operations: readonly Operation[], init: Json): string | null {
  const written = new Set([valueKey(init)]);
  for (const operation of operations) {
    const { invoke } = operation;
    if (invoke.op !== 'write' || outcomeOf(operation) === 'fail') continue;
    const name = valueKey(invoke.value);
    if (written.has(name))
      return `expected each value${keyWords(invoke)} to be written once, got ${wordsOf(invoke.value)} again`;
    written.add(name);
  }
  for (const { complete } of operations) {
    if (complete?.phase !== 'ok' || written.has(valueKey(complete.value))) continue;
    return `expected reads${keyWords(complete)} to show what was written, got ${wordsOf(complete.value)}`;
  }
  return null;
}

/** What a process has seen: its last certain write and what it read since. */
interface Seen {
  readonly name: Name;
  readonly words: string;
}

function edgesOf(operations: readonly Operation[], init: Json): readonly Edge[] {
  const edges: Edge[] = [];
  const seenBy = new Map<number, readonly Seen[]>();
  for (const operation of operations) {
    const { invoke, complete } = operation;
    const outcome = outcomeOf(operation);
    const isWrite = invoke.op === 'write';
    if (outcome === 'fail' || (!isWrite && outcome !== 'ok')) continue;
    const value = isWrite ? invoke.value : (complete?.value ?? null);
    const to = valueKey(value);
    const event = complete ?? invoke;
    const seen = seenBy.get(invoke.process) ?? [];
    const did = `${isWrite ? 'wrote' : 'read'} ${wordsOf(value)}`;
    if (isWrite) {
      const words = 'the initial value comes first';
      edges.push({ from: valueKey(init), to, event: null, shared: true, words });
    }
    // A read need only be put behind the last thing seen; the things before that are behind it already.
    for (const { name, words } of isWrite ? seen : seen.slice(-1)) {
      if (name === to) continue;
      edges.push({ from: name, to, event, shared: isWrite, words: `${did} after it ${words}` });
    }
    const now = { name: to, words: did };
    // A crashed write may happen at any later time, so nothing need come after it.
    if (outcome !== 'ok') seenBy.set(invoke.process, seen.slice(-1));
    else if (isWrite) seenBy.set(invoke.process, [now]);
    else if (seen.at(-1)?.name !== to) seenBy.set(invoke.process, appended(seen, now));
  }
  return edges;
}

/** The lists belong to this file alone, so that a long session costs no copies. */
function appended(seen: readonly Seen[], now: Seen): readonly Seen[] {
  (seen as Seen[]).push(now);
  return seen;
}

/** A cycle in what some process must respect; `unknown` when the steps ran out. */
function violationIn(
  edges: readonly Edge[],
  budget: { steps: number },
): readonly Edge[] | null | 'unknown' {
  if (findCycle(graphOf(edges)) === null) return null;
  const shared = edges.filter((edge) => edge.shared);
  const own = Map.groupBy(
    edges.filter((edge) => !edge.shared),
    ({ event }) => event?.process ?? -1,
  );
  for (const more of [[], ...own.values()]) {
    budget.steps -= shared.length + more.length;
    if (budget.steps < 0) return 'unknown';
    const cycle = findCycle(graphOf([...shared, ...more]));
    if (cycle !== null) return cycle;
  }
  return null;
}

const graphOf = (edges: readonly Edge[]): Graph => Map.groupBy(edges, ({ from }) => from);

/** Depth first, without recursion: a history may be longer than the stack. */
function findCycle(graph: Graph): readonly Edge[] | null {
  const done = new Set<Name>();
  for (const start of graph.keys()) {
    if (done.has(start)) continue;
    const path: Edge[] = [];
    const places = new Map<Name, number>([[start, 0]]);
    const stack = [{ name: start, next: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const edge = graph.get(top.name)?.[top.next++];
      if (edge === undefined) {
        done.add(top.name);
        places.delete(top.name);
        stack.pop();
        path.pop();
        continue;
      }
      const place = places.get(edge.to);
      if (place !== undefined) return [...path.slice(place), edge];
      if (done.has(edge.to)) continue;
      path.push(edge);
      places.set(edge.to, path.length);
      stack.push({ name: edge.to, next: 0 });
    }
  }
  return null;
}
