import type {
  EvidenceOperation,
  LinearizabilityFailure,
  TransactionCycle,
} from '../core/evidence.ts';
import type { Breach } from '../core/invariant.ts';
import type { Verdict } from '../core/verdict.ts';
import { type EvidenceClock, clockOf } from './evidence/clock.ts';
import { evidenceOf } from './evidence/evidence.ts';
import { headingOf } from './evidence/failure.ts';
import { duration, jsonText, plural } from './figures.ts';
import { shorten } from './markup/visible.ts';
import { textTable } from './text-table.ts';

/** Failures written out; the report and `results.json` have the others. */
const maximumFailures = 3;
const maximumSteps = 12;

/**
 * The evidence of an invalid verdict for a terminal: for each failure the end of the longest order
 * that the model allows, and what fits nowhere after it. Empty where the verdict brings none.
 */
export function evidenceText(verdict: Verdict): string {
  const found = evidenceOf(verdict);
  const failures = found.flatMap((each) => each.failures);
  const cycles = found.flatMap((each) => each.cycles);
  const breaches = found.flatMap((each) => each.breaches);
  const unreadable = found.flatMap((each) => each.unreadable);
  return [
    ...failures.slice(0, maximumFailures).map(failureText),
    ...rest(failures, 'more failure'),
    ...cycles.slice(0, maximumFailures).map(cycleText),
    ...rest(cycles, 'more cycle'),
    ...breaches.slice(0, maximumFailures).map(breachText),
    ...rest(breaches, 'more moment'),
    ...unreadable.slice(0, maximumFailures).map((each) => shorten(jsonText(each, 300), 400)),
  ].join('\n\n');
}

function rest(all: readonly unknown[], noun: string): string[] {
  const hidden = all.length - maximumFailures;
  return hidden > 0 ? [`and ${plural(hidden, noun)}, in the report`] : [];
}

function breachText({ invariant, node, timeNs, summary }: Breach): string {
  const where = node === undefined ? '' : ` on ${shorten(node, 12)}`;
  return `after ${duration(timeNs / 1e6)}${where}, ${shorten(invariant, 60)}: ${shorten(summary, 300)}`;
}

/** Each transaction with what leads from it to the next. */
function cycleText({ anomaly, summary, transactions, dependencies }: TransactionCycle): string {
  const clock = clockOf(transactions);
  const lines = transactions.slice(0, maximumSteps).flatMap((transaction, at) => {
    const { name, label, process, node, callNs, returnNs, phase } = transaction;
    const { kind = '', why = '' } = dependencies[at] ?? {};
    const next = transactions[(at + 1) % transactions.length]?.name ?? '';
    const when = `${clock.at(callNs, 4)}, ${lasted(clock, callNs, returnNs)}`;
    const who = `process ${String(process)}${node === null ? '' : ` on ${shorten(node, 12)}`}`;
    const unsure = phase === 'ok' ? '' : ', outcome unknown';
    return [
      `  ${shorten(name, 12)}  ${shorten(label, 100)}  (${who}, ${when}${unsure})`,
      `      ${kind} → ${shorten(next, 12)}: ${shorten(why, 200)}`,
    ];
  });
  const hidden = transactions.length - maximumSteps;
  const note = hidden > 0 ? [`  … and ${plural(hidden, 'more transaction')}`] : [];
  return [shorten(`${anomaly}: ${summary}`, 400), ...lines, ...note].join('\n');
}

function failureText(failure: LinearizabilityFailure): string {
  const { linearization, stuck, operations } = failure;
  const title = shorten(headingOf(failure), 400);
  const skipped = Math.max(0, linearization.length - maximumSteps);
  const steps = linearization
    .slice(skipped)
    .map(({ operation, state }, at) => [
      `  ${String(skipped + at + 1)}`,
      ...cellsOf(failure, operations[operation]),
      `state ${shorten(state, 40)}`,
    ]);
  const misfits = stuck
    .slice(0, maximumSteps)
    .map((at) => ['  ✗', ...cellsOf(failure, operations[at]), 'cannot be placed']);
  const columns = [
    { title: '  #', right: false },
    { title: 'operation' },
    { title: 'process' },
    { title: 'called', right: true },
    { title: 'lasted', right: true },
    { title: 'then' },
  ];
  const note = skipped > 0 ? `\n  (the first ${plural(skipped, 'step')} left out)` : '';
  return `${title}${note}\n${textTable(columns, [...steps, ...misfits])}`;
}

function cellsOf(
  failure: LinearizabilityFailure,
  operation: EvidenceOperation | undefined,
): string[] {
  if (operation === undefined) return ['', '', '', ''];
  const { label, process, node, callNs, returnNs } = operation;
  const clock = clockOf(failure.operations);
  return [
    shorten(label, 40),
    `${String(process)}${node === null ? '' : ` on ${shorten(node, 12)}`}`,
    clock.at(callNs, 4),
    lasted(clock, callNs, returnNs),
  ];
}

function lasted(clock: EvidenceClock, callNs: number, returnNs: number | null): string {
  return returnNs === null ? 'no return' : clock.between(callNs, returnNs);
}
