import type { TransactionCycle } from '../../core/evidence.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Verdict } from '../../core/verdict.ts';
import { attempt } from '../attempt.ts';
import { mostExamples } from '../findings.ts';
import {
  type Anomaly,
  type CycleAnomaly,
  anomalyOf,
  cycleBases,
  meaningOf,
  orders,
  plainAnomalies,
} from './anomaly.ts';
import type { CycleFindings, CyclesOfKind } from './cycle-search.ts';
import { cycleEvidence, cycleWords, transactionEvidence, type Telling } from './evidence.ts';
import { type Level, levels, ruledOut, strongestOf, weakestOf } from './levels.ts';
import { type Transactions, outcome } from './transaction.ts';

/** Collects anomalies of each kind: all are counted, and the first ones told. */
export interface Anomalies {
  /** Takes the transactions concerned, and a sentence without a full stop, made only when it is kept. */
  readonly add: (anomaly: Anomaly, transactions: readonly number[], words: () => string) => void;
  /** What was found, the worst kind first. */
  readonly found: () => ReadonlyMap<Anomaly, AnomalyFindings>;
}

export interface AnomalyFindings {
  count: number;
  readonly examples: { readonly words: string; readonly transactions: readonly number[] }[];
}

const worstFirst: readonly Anomaly[] = [
  ...plainAnomalies,
  ...orders.flatMap((order) => cycleBases.map((base): CycleAnomaly => `${base}${order}`)),
];

const untold = (reason: string): string => `how could not be told: ${reason}`;

export function createAnomalies(): Anomalies {
  const found = new Map<Anomaly, AnomalyFindings>();
  return {
    add(anomaly, transactions, words) {
      let own = found.get(anomaly);
      if (own === undefined) found.set(anomaly, (own = { count: 0, examples: [] }));
      own.count++;
      if (own.examples.length >= mostExamples) return;
      own.examples.push({ words: attempt(words, untold), transactions });
    },
    found: () =>
      new Map(
        [...found].sort(([one], [other]) => worstFirst.indexOf(one) - worstFirst.indexOf(other)),
      ),
  };
}

/** What was found out about a history of transactions, before it is put into a verdict. */
export interface TransactionJudgement {
  readonly checker: string;
  /** The level that the system promised. */
  readonly consistency: Level;
  readonly transactions: Transactions;
  readonly anomalies: Anomalies;
  readonly cycles: CycleFindings;
  readonly telling: Telling;
  /** Why nothing more than `unknown` can be said when nothing convicts. */
  readonly reservations: readonly string[];
  readonly details?: JsonObject;
}

/**
 * Invalid when an anomaly rules out the level that was promised; other anomalies are told all the same.
 * Else unknown when there are reservations, or when an anomaly that the search could not decide would
 * rule it out; else valid.
 */
export function transactionVerdict(judgement: TransactionJudgement): Verdict {
  const { checker, consistency, transactions, anomalies, cycles } = judgement;
  const drawn = tellCycles(judgement);
  const found = anomalies.found();
  const convicts = (anomaly: Anomaly): boolean => ruledOut([anomaly]).has(consistency);
  const reservations = [
    ...judgement.reservations,
    ...[...cycles.undecided]
      .filter(convicts)
      .map((anomaly) => `the search for ${anomaly} ran out of steps`),
  ].slice(0, mostExamples);
  const details = detailsOf(judgement, found, { drawn, reservations });
  const counts = [...found].map(([anomaly, { count }]) => `${anomaly}: ${count}`).join(', ');
  const worst = [...found].find(([anomaly]) => convicts(anomaly));
  if (worst !== undefined) {
    const [anomaly, { examples }] = worst;
    const words = `not ${consistency}, ${anomaly}: ${examples[0]?.words ?? meaningOf(anomaly)}`;
    return { checker, valid: 'invalid', summary: `${words} (${counts})`, details };
  }
  const others =
    found.size === 0 ? 'no anomaly' : `no anomaly that ${consistency} forbids (${counts})`;
  if (reservations.length > 0) {
    const summary = [...reservations, ...(found.size === 0 ? [] : [others])].join('; ');
    return { checker, valid: 'unknown', summary, details };
  }
  const { ok, info } = countsOf(transactions);
  const summary = `${ok} committed and ${info} crashed transactions, and ${others}`;
  return { checker, valid: 'valid', summary, details };
}

/** Longer cycles are told by how they begin, and not drawn. */
const longestDrawn = 100;

/** Puts the cycles among the anomalies; returns some of every kind for drawing, the worst first. */
function tellCycles(judgement: TransactionJudgement): readonly TransactionCycle[] {
  const { transactions, anomalies, cycles, telling } = judgement;
  const drawn: (readonly TransactionCycle[])[] = [];
  const kinds = new Map<Anomaly, CyclesOfKind>([...cycles.shown, ...cycles.found]);
  for (const anomaly of worstFirst) {
    const { count, examples } = kinds.get(anomaly) ?? { count: 0, examples: [] };
    for (let at = 0; at < count; at++) {
      const cycle = examples[at] ?? [];
      const members = cycle.map(({ transaction }) => transaction);
      anomalies.add(anomaly, members, () => cycleWords(transactions, telling, cycle));
    }
    // A cycle that also shows something else is drawn once, under its own name.
    const own = examples.filter(
      (cycle) => cycle.length <= longestDrawn && anomalyOf(cycle) === anomaly,
    );
    drawn.push(
      attempt(
        () => own.map((cycle) => cycleEvidence(transactions, telling, { cycle })),
        () => [],
      ),
    );
  }
  const firsts = drawn.flatMap((own) => own.slice(0, 1));
  return [...firsts, ...drawn.flatMap((own) => own.slice(1))].slice(0, mostExamples);
}

function detailsOf(
  { transactions, consistency, details }: TransactionJudgement,
  found: ReadonlyMap<Anomaly, AnomalyFindings>,
  more: { readonly drawn: readonly TransactionCycle[]; readonly reservations: readonly string[] },
): JsonObject {
  const out = ruledOut(found.keys());
  const left = new Set(levels.filter((level) => !out.has(level)));
  const told = [...found].map(([anomaly, own]) => [anomaly, toldOf(transactions, anomaly, own)]);
  return {
    ...details,
    consistency,
    transactions: countsOf(transactions),
    anomalies: Object.fromEntries([...found].map(([anomaly, { count }]) => [anomaly, count])),
    levels: { violated: weakestOf(out), ruledOut: [...out], strongestLeft: strongestOf(left) },
    cycles: more.drawn as unknown as JsonObject[],
    ...(Object.fromEntries(told) as JsonObject),
    ...(more.reservations.length > 0 ? { reservations: more.reservations } : {}),
  };
}

function countsOf({ outcome: how }: Transactions): { ok: number; info: number; fail: number } {
  const counts = { ok: 0, info: 0, fail: 0 };
  for (const each of how) {
    if (each === outcome.ok) counts.ok++;
    else if (each === outcome.info) counts.info++;
    else counts.fail++;
  }
  return counts;
}

function toldOf(
  transactions: Transactions,
  anomaly: Anomaly,
  { count, examples }: AnomalyFindings,
): JsonObject {
  return {
    means: meaningOf(anomaly),
    rulesOut: weakestOf(ruledOut([anomaly])),
    count,
    examples: examples.map(({ words, transactions: members }) => ({
      words,
      transactions: members
        .slice(0, mostExamples)
        .map((at) => ({ ...transactionEvidence(transactions, at) })),
    })),
    leftOut: count - examples.length,
  };
}
