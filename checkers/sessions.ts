import type { Checker } from '../core/checker.ts';
import { type Operation, operationsOf } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import type { Verdict } from '../core/verdict.ts';
import {
  type Finding,
  clockOf,
  createTally,
  keyWords,
  objectsOf,
  outcomeOf,
  strangersIn,
  verdictOf,
  withoutJudgement,
} from './findings.ts';
import { valueKey, wordsOf } from './models/value.ts';
import { conflictsIn } from './sessions/blame.ts';
import { type Edge, stepsOf, violationIn } from './sessions/cycle.ts';
import { type Guarantee, edgesOf, guarantees } from './sessions/guarantees.ts';

export interface SessionsOptions {
  /** What a register reads as before the first write, null by default. */
  readonly init?: Json;
  /** Which guarantees must hold together; all four by default. */
  readonly guarantees?: readonly Guarantee[];
}

/** Steps after which a register whose clients disagree is given up as `unknown`. */
const stepsDefault = 20_000_000;
/** Steps of a cycle that are written out. */
const mostSteps = 8;

/**
 * Monotonic reads, monotonic writes, read your writes and writes follow reads, for each register by
 * itself (Terry et al., "Session Guarantees for Weakly Consistent Replicated Data", 1994). Each value is
 * written once, so that a read names its write. A process must be able to see the writes in some order
 * that fits its own session and puts what others wrote behind what they had written or read before, as
 * far as the guarantees ask for it. Processes need not agree beyond that. The verdict's parts say of each
 * guarantee whether it is broken by itself, which needs no other to be seen, or perhaps. Time is linear
 * where no two sessions disagree, else linear for each process.
 */
export function sessions(options: SessionsOptions = {}): Checker {
  const { init = null, guarantees: wanted = guarantees } = options;
  const [only, another] = wanted;
  const checker = another === undefined && only !== undefined ? only : 'sessions';
  return {
    name: checker,
    summary: checker === 'sessions' ? summaryOfAll : promises[checker],
    check(history, { maxSteps = stepsDefault } = {}) {
      const operations = operationsOf(history);
      const stranger = strangersIn(operations, ['read', 'write']);
      if (stranger !== null) return withoutJudgement(checker, stranger);
      const found = judgeAll(operations, { checker, init, wanted, budget: { steps: maxSteps } });
      if (checker !== 'sessions') return found.verdict;
      return { ...found.verdict, parts: wanted.map((each) => partOf(each, found)) };
    },
  };
}

const summaryOfAll = 'no process saw a register go back behind what it had read or written';

const promises: Readonly<Record<Guarantee, string>> = {
  'monotonic-reads': 'no process read a register older than it had read it before',
  'read-your-writes': 'no process read a register without what it had written to it',
  'monotonic-writes': 'nobody saw the writes of a process out of order',
  'writes-follow-reads': 'nobody saw a write without what its process had read before',
};

interface Task {
  readonly checker: string;
  readonly init: Json;
  readonly wanted: readonly Guarantee[];
  readonly budget: { steps: number };
}

interface Judged {
  readonly verdict: Verdict;
  readonly conflicts: readonly (readonly Guarantee[])[];
  /** Registers whose violation could not be pinned on any guarantee within the budget. */
  readonly unclear: number;
}

function judgeAll(operations: readonly Operation[], task: Task): Judged {
  const { checker, init, wanted, budget } = task;
  const violated = createTally();
  const reservations: string[] = [];
  const conflicts: (readonly Guarantee[])[] = [];
  let judged = 0;
  let unclear = 0;
  for (const own of objectsOf(operations).values()) {
    const odd = oddValue(own, init);
    if (odd !== null) reservations.push(odd);
    if (odd !== null) continue;
    judged += own.filter(({ complete }) => complete?.phase === 'ok').length;
    const cycle = violationIn(edgesOf(own, init, wanted), budget);
    if (cycle === 'unknown') reservations.push('the search for a violation ran out of steps');
    if (cycle === null || cycle === 'unknown') continue;
    const ofKey = conflictsIn(own, init, { wanted, budget });
    if (ofKey === null) unclear++;
    else conflicts.push(...ofKey);
    violated.add(violation(cycle, ofKey ?? [], clockOf(operations)));
  }
  if (judged === 0) reservations.push('no operation succeeded that could be judged');
  const verdict = verdictOf({
    checker,
    convicting: { violated },
    reservations,
    praise: `${judged} operations, and no session went back`,
    details: { judged },
  });
  return { verdict, conflicts, unclear };
}

function violation(
  cycle: readonly Edge[],
  conflicts: readonly (readonly Guarantee[])[],
  at: ReturnType<typeof clockOf>,
): Finding {
  const all = stepsOf(cycle);
  const steps = all.slice(0, mostSteps).map(({ words, event }) => ({
    words: event === null ? words : `process ${event.process} ${words} at ${at(event)}`,
    index: event?.index ?? null,
  }));
  const first = all.find(({ event }) => event !== null)?.event;
  const key = first == null ? '' : keyWords(first);
  const [least = []] = conflicts;
  const blame =
    least.length < 2 ? least.join('') : `${least.slice(0, -1).join(', ')} or ${least.at(-1) ?? ''}`;
  const broken = blame === '' ? '' : `, so ${blame} is broken`;
  return {
    severity: -all.length,
    words: `no order of the writes${key.trimEnd()} fits: ${steps.map(({ words }) => words).join(', ')}${broken}`,
    evidence: {
      steps,
      stepsLeftOut: all.length - steps.length,
      conflicts: conflicts.map((conflict) => [...conflict]),
    },
  };
}

/** Broken by itself, perhaps broken together with others, or not seen to be broken. */
function partOf(guarantee: Guarantee, { verdict, conflicts, unclear }: Judged): Verdict {
  const mine = conflicts.filter((conflict) => conflict.includes(guarantee));
  if (mine.some((conflict) => conflict.length === 1)) {
    const summary = `broken: it is not true that ${promises[guarantee]}`;
    return { checker: guarantee, valid: 'invalid', summary };
  }
  const [together] = mine;
  if (together !== undefined) {
    const others = together.filter((each) => each !== guarantee).join(' and ');
    const summary = `either this is broken or ${others}, since they cannot hold together`;
    return { checker: guarantee, valid: 'unknown', summary };
  }
  if (unclear > 0 || verdict.details?.reservations !== undefined) {
    const summary =
      unclear > 0 ? 'the search for who is to blame ran out of steps' : verdict.summary;
    return { checker: guarantee, valid: 'unknown', summary };
  }
  return { checker: guarantee, valid: 'valid', summary: promises[guarantee] };
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
