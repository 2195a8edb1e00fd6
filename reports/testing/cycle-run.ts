import type { DependencyKind, TransactionCycle } from '../../core/evidence.ts';
import type { Json } from '../../core/json.ts';
import type { Run } from '../../core/run.ts';
import { type SampleOptions, sampleRun } from './sample-run.ts';

/** Two transactions that missed each other's append: write skew, as a checker of transactions tells it. */
export const writeSkew: TransactionCycle = {
  anomaly: 'G2-item',
  summary: 'T1 and T2 each read before what the other appended',
  transactions: [
    {
      ...{ name: 'T1', process: 3, node: 'n2', phase: 'ok', callNs: 1.2e9, returnNs: 1.25e9 },
      label: 'read x [1, 2], append y 7',
    },
    {
      ...{ name: 'T2', process: 8, node: 'n4', phase: 'info', callNs: 1.21e9, returnNs: null },
      label: 'read y [6], append x 3',
    },
  ],
  dependencies: [
    { kind: 'rw', why: 'T1 read x as [1, 2], to which T2 appended 3' },
    { kind: 'rw', why: 'T2 read y as [6], to which T1 appended 7' },
  ],
};

const kinds: readonly DependencyKind[] = ['ww', 'wr', 'rw', 'process', 'realtime'];

/** A cycle of so many transactions, with every kind of dependency where there is room. */
export function longCycle(length: number): TransactionCycle {
  const names = Array.from({ length }, (_, at) => `T${String(at + 1)}`);
  return {
    anomaly: 'G-nonadjacent-realtime',
    summary: `a circle of ${String(length)} transactions`,
    transactions: names.map((name, at) => ({
      ...{ name, process: at, node: null, phase: 'ok' },
      ...{ callNs: at * 1e7, returnNs: at * 1e7 + 9e6, label: `append x ${String(at)}` },
    })),
    dependencies: names.map((name, at) => ({
      kind: kinds[at % kinds.length] ?? 'ww',
      why: `${name} comes first`,
    })),
  };
}

/** A run whose transactions contradict each other. */
export function cycleRun(
  cycles: readonly TransactionCycle[] = [writeSkew, longCycle(5)],
  options: SampleOptions = {},
): Run {
  const run = sampleRun(options);
  const summary = `not serializable: G2-item, ${writeSkew.summary}`;
  const details = { cycles: cycles as unknown as Json };
  const verdict = { checker: 'list-append', valid: 'invalid', summary, details } as const;
  return { ...run, results: { ...run.results, valid: 'invalid', reason: summary, verdict } };
}
