import type { Checker } from '../../core/checker.ts';
import type { TransactionCycle } from '../../core/evidence.ts';
import type { History } from '../../core/history.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Verdict } from '../../core/verdict.ts';
import { attempt } from '../attempt.ts';
import { mostExamples, withoutJudgement } from '../findings.ts';
import { type Work, finish, withinLimits } from '../work.ts';
import { cycleStepsDefault, searchCycles } from './cycle-search.ts';
import { cycleEvidence } from './evidence.ts';
import { faultWords } from './register-words.ts';
import { type Registers, readRegisters } from './registers.ts';
import { micro, outcome } from './transaction.ts';
import {
  type WeakJudgement,
  type WeakLevel,
  type WeakViolation,
  judgeWeakLevels,
  weakLevels,
} from './weak-levels.ts';
import { weakTelling } from './weak-words.ts';

export interface IsolationOptions {
  /** The level that the system promises, `causal` by default; one of `weakLevels`. */
  readonly consistency?: string;
  /** What registers read as before the first write, null by default. */
  readonly init?: Json;
}

/**
 * Read committed, read atomic and causal consistency of transactions on registers: `txn` of
 * `["r", key, value]` and `["w", key, value]`, each value written once to a key. Decides them exactly, from
 * what was read and from the order within each process; real time plays no part. After AWDIT: Møldrup &
 * Pavlogiannis, "AWDIT: An Optimal Weak Database Isolation Tester" (2025), with the definitions of Biswas
 * & Enea (2019). Time is O(n^1.5) for the first two levels and O(n · processes) for causal.
 */
export function isolation({ consistency = 'causal', init = null }: IsolationOptions = {}): Checker {
  const level = weakLevelNamed(consistency);
  return {
    name: 'isolation',
    summary: `some order of the transactions explains every read as ${level} allows`,
    check(history, context = {}) {
      const { maxSteps = cycleStepsDefault } = context;
      return withinLimits('isolation', context, judge(history, { level, init, maxSteps }));
    },
  };
}

function weakLevelNamed(name: string): WeakLevel {
  const level = weakLevels.find((each) => each === name);
  if (level !== undefined) return level;
  throw new Error(`expected one of the levels ${weakLevels.join(', ')}, got "${name}"`);
}

interface Goal {
  readonly level: WeakLevel;
  readonly init: Json;
  readonly maxSteps: number;
}

function* judge(history: History, { level, init, maxSteps }: Goal): Work<Verdict> {
  const registers = yield* readRegisters(history, init);
  if (registers.problem !== null) return withoutJudgement('isolation', registers.problem);
  const judgement = yield* judgeWeakLevels(registers);
  return verdictOn(registers, judgement, { promised: level, maxSteps });
}

interface Asked {
  readonly promised: WeakLevel;
  readonly maxSteps: number;
}

function verdictOn(
  registers: Registers,
  { holds, violation }: WeakJudgement,
  { promised, maxSteps }: Asked,
): Verdict {
  const { count, outcome: how } = registers.transactions;
  const committed = how.reduce((sum, each) => sum + (each === outcome.ok ? 1 : 0), 0);
  const reached = holds === null ? -1 : weakLevels.indexOf(holds);
  const evidence =
    violation === null
      ? null
      : attempt(
          () => tell(registers, violation, maxSteps),
          (reason) => ({ words: `how could not be told: ${reason}`, details: {} }),
        );
  const details: JsonObject = {
    consistency: promised,
    strongest: holds,
    levels: Object.fromEntries(weakLevels.map((level, at) => [level, at <= reached])),
    transactions: { committed, all: count },
    ...evidence?.details,
  };
  const strongest = holds === null ? 'none of these levels holds' : `${holds} holds`;
  const checker = 'isolation';
  if (reached < weakLevels.indexOf(promised)) {
    const summary = `not ${violation?.level ?? promised}: ${evidence?.words ?? ''}; ${strongest}`;
    return { checker, valid: 'invalid', summary, details };
  }
  if (!registers.transactions.microKind.includes(micro.read)) {
    const summary = 'no transaction that read anything is known to have committed';
    return { checker, valid: 'unknown', summary, details };
  }
  const more = violation === null ? '' : `; ${violation.level} does not: ${evidence?.words ?? ''}`;
  return {
    checker,
    valid: 'valid',
    summary: `${committed} transactions, ${strongest}${more}`,
    details,
  };
}

/** What a cycle shows that only a level's own order closes. */
const anomalyOfLevel: Readonly<Record<WeakLevel, string>> = {
  'read-committed': 'non-monotonic-read',
  'read-atomic': 'fractured-read',
  causal: 'causality-violation',
};

interface Told {
  /** The worst of it in a sentence. */
  readonly words: string;
  readonly details: JsonObject;
}

function tell(registers: Registers, violation: WeakViolation, maxSteps: number): Told {
  const { faulty, level } = violation;
  if (faulty.length === 0) return tellCycles(registers, violation, maxSteps);
  const examples = faulty.slice(0, mostExamples).map((each) => ({
    anomaly: each.fault === 'unrepeatable' ? 'non-repeatable-read' : each.fault,
    words: faultWords(registers, each),
  }));
  const reads = { count: faulty.length, examples, leftOut: faulty.length - examples.length };
  return { words: examples[0]?.words ?? '', details: { violated: level, faultyReads: reads } };
}

function tellCycles(registers: Registers, violation: WeakViolation, maxSteps: number): Told {
  const { level, graph, accesses } = violation;
  const telling = weakTelling(accesses, { level, graph });
  const cycles = [...finish(searchCycles(graph, { steps: maxSteps })).found]
    .flatMap(([anomaly, { examples }]) => examples.map((cycle) => ({ anomaly, cycle })))
    .sort((one, other) => one.cycle.length - other.cycle.length)
    .slice(0, mostExamples)
    .map((found): TransactionCycle => {
      const ordered = found.cycle.some(({ kind }) => kind === 'ww' || kind === 'rw');
      const evidence = cycleEvidence(registers.transactions, telling, found);
      return ordered ? { ...evidence, anomaly: anomalyOfLevel[level] } : evidence;
    });
  const [first] = cycles;
  return {
    words: first === undefined ? 'its order has a cycle' : `${first.anomaly}: ${first.summary}`,
    details: { violated: level, cycles: cycles as unknown as JsonObject[] },
  };
}
