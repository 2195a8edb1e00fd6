import type { EvidenceTransaction } from '../../core/evidence.ts';
import type { Verdict } from '../../core/verdict.ts';
import { evidenceOf } from '../evidence/evidence.ts';

/** A stretch of the run that some evidence is about, and the operations it blames. */
export interface Suspicion {
  /** What to call it in a list of places to go to. */
  readonly name: string;
  /** The key that it is about, as text; null where it is about several. */
  readonly key: string | null;
  /** From the first call of all that the evidence holds. */
  readonly fromNs: number;
  readonly toNs: number;
  /** Where what cannot be explained began and ended. */
  readonly focusFromNs: number;
  readonly focusToNs: number;
  /** Those that fit nowhere, and those of a cycle. */
  readonly blamed: readonly { readonly process: number; readonly callNs: number }[];
  readonly operations: readonly SuspectOperation[];
}

/** What an operation of a register and a transaction have in common. */
export type SuspectOperation = Pick<
  EvidenceTransaction,
  'process' | 'node' | 'phase' | 'callNs' | 'returnNs' | 'label'
>;

/** As many as the page draws evidence of. */
const maximumSuspicions = 24;

/** The stretches that a verdict's evidence is about, in its order. */
export function suspicionsOf(verdict: Verdict): Suspicion[] {
  return evidenceOf(verdict)
    .flatMap(({ failures, cycles }) => [
      ...failures.map(({ key, window, operations, stuck }) => {
        const blamed = stuck.flatMap((at) => operations[at] ?? []);
        const name = key === null ? 'what cannot be placed' : `what cannot be placed, key ${key}`;
        return suspicionOf(name, key, { ...window, blamed, operations });
      }),
      ...cycles.map(({ anomaly, transactions }) => {
        const fromNs = Math.min(...transactions.map(({ callNs }) => callNs));
        const toNs = Math.max(...transactions.map(({ callNs, returnNs }) => returnNs ?? callNs));
        const operations = transactions;
        return suspicionOf(`cycle ${anomaly}`, null, {
          fromNs,
          toNs,
          blamed: operations,
          operations,
        });
      }),
    ])
    .slice(0, maximumSuspicions)
    .map((each, at) => ({ ...each, name: `${at + 1}: ${each.name}` }));
}

interface Blame {
  readonly fromNs: number;
  readonly toNs: number;
  readonly blamed: readonly SuspectOperation[];
  readonly operations: readonly SuspectOperation[];
}

function suspicionOf(
  name: string,
  key: string | null,
  { fromNs, toNs, blamed, operations }: Blame,
): Suspicion {
  const calls = blamed.map(({ callNs }) => callNs);
  const returns = blamed.map(({ callNs, returnNs }) => returnNs ?? callNs);
  return {
    ...{ name, key },
    fromNs: Math.min(fromNs, ...operations.map(({ callNs }) => callNs)),
    toNs: Math.max(toNs, ...returns),
    focusFromNs: Math.min(...(calls.length > 0 ? calls : [fromNs])),
    focusToNs: Math.max(...(returns.length > 0 ? returns : [toNs])),
    blamed: blamed.map(({ process, callNs }) => ({ process, callNs })),
    operations,
  };
}
