import type { EvidenceOperation, LinearizabilityFailure } from '../../../core/evidence.ts';
import type { Model } from '../../models/model.ts';
import { mostOperations } from '../evidence.ts';
import { operationsFrom, timedAt } from '../operations.ts';
import { type FailedCas, type Part, timedOperation } from '../part.ts';
import { labelOf, momentsOf, whoOf } from '../wording.ts';
import type { LiveFailure } from './part-judge.ts';

/** States that are named; more are only counted. */
const mostStates = 3;

/**
 * The evidence with what was still known when the violation showed: the operation that cannot be
 * placed, what was open then, and the states that were possible before.
 */
export function streamFailureOf(
  model: Model,
  failure: LiveFailure,
  { key, failedCas }: { readonly key: string | null; readonly failedCas: FailedCas },
): LinearizabilityFailure {
  const { culprit, operationsBefore, states } = failure;
  const others = failure.open.filter((each) => each !== culprit).slice(-(mostOperations - 1));
  const shown = [...others, culprit].sort((one, other) => one.invoke.index - other.invoke.index);
  const operations = shown.map(({ invoke, complete }) => {
    const timed = timedOperation(
      complete === undefined ? { invoke } : { invoke, complete },
      failedCas,
    );
    if (timed === null) throw new Error(`expected an operation that happened at ${invoke.index}`);
    return timed;
  });
  const part: Part = { key, operations: operationsFrom(operations), records: () => shown };
  const at = shown.indexOf(culprit);
  const moment = momentsOf(part);
  const until = culprit.complete === undefined ? '' : ` to ${moment(culprit.complete)}`;
  const sentence =
    `${whoOf(culprit)}: ${labelOf(model, part, at)}, from ${moment(culprit.invoke)}${until}; ` +
    `no order of the operations up to there explains it: before it returned, ` +
    statesInWords(model, states);
  return {
    key,
    model: model.name,
    summary: key === null ? sentence : `key ${key}: ${sentence}`,
    window: {
      fromNs: culprit.invoke.timeNs,
      toNs: (culprit.complete ?? culprit.invoke).timeNs,
    },
    operations: shown.map((_, each) => evidenceOperation(model, part, each)),
    linearization: [],
    stuck: [at],
    omitted: operationsBefore + failure.open.length - shown.length,
  };
}

function statesInWords(model: Model, states: readonly unknown[]): string {
  const words = states.slice(0, mostStates).map((state) => model.describeState(state));
  const more = states.length - words.length;
  return `the state was ${words.join(' or ')}${more > 0 ? `, or one of ${more} more` : ''}`;
}

function evidenceOperation(model: Model, part: Part, at: number): EvidenceOperation {
  const record = part.records()[at];
  const operation = timedAt(part.operations, at)?.operation;
  if (record === undefined || operation === undefined) throw new Error(`no operation ${at}`);
  const { invoke, complete } = record;
  return {
    process: invoke.process,
    node: complete?.node ?? invoke.node ?? null,
    op: operation.op,
    key: operation.key,
    input: operation.input,
    output: operation.output,
    phase: operation.phase,
    callNs: invoke.timeNs,
    returnNs: operation.phase === 'info' || complete === undefined ? null : complete.timeNs,
    label: labelOf(model, part, at),
  };
}
