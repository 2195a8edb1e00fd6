import type { EvidenceOperation, LinearizabilityFailure } from '../../core/evidence.ts';
import type { Model } from '../models/model.ts';
import { mostOperations } from './evidence.ts';
import { explain } from './explain/explain.ts';
import { cutAt, longestPrefix, minimise } from './minimise.ts';
import { timedAt } from './operations.ts';
import type { Part } from './part.ts';
import { stateSpaceOf } from './porcupine/state-space.ts';
import { labelOf } from './wording.ts';

/** Steps spent on finding the longest linearizable prefix of what the minimiser left. */
const prefixSteps = 200_000;

/**
 * The evidence against a part that was found not to be linearizable. What could not be worked out within
 * its own budget goes to `onProblem`.
 */
export function failureOf(
  model: Model,
  failed: Part,
  stuck: number | null,
  onProblem: (problem: string) => void,
): LinearizabilityFailure {
  const part = minimise(model, failed, stuck);
  const prefix = longestPrefix(model, part, prefixSteps);
  if (!prefix.isKnown) onProblem(withoutOrder(part));
  const states = statesAlong(model, part, prefix.placed);
  const culprit = prefix.stuck.at(-1) ?? part.operations.length - 1;
  const shown = mostTelling(part, culprit);
  const places = new Map(shown.map((at, place) => [at, place]));
  const placeOf = (at: number): number => places.get(at) ?? -1;
  return {
    key: part.key,
    model: model.name,
    summary: summaryOf(model, { failed, part, culprit, state: states.at(-1) ?? '' }),
    window: windowOf(part, prefix.stuck.length === 0 ? [culprit] : prefix.stuck),
    operations: shown.map((at) => evidenceOperation(model, part, at)),
    linearization: prefix.placed
      .map((at, step) => ({ operation: placeOf(at), state: states[step] ?? '' }))
      .filter(({ operation }) => operation >= 0),
    stuck: prefix.stuck.map(placeOf).filter((place) => place >= 0),
    omitted: part.operations.length - shown.length,
  };
}

function withoutOrder({ key, operations }: Part): string {
  const of = key === null ? '' : ` of key ${key}`;
  return `an order of the other ${operations.length - 1} operations${of} is not shown, because ${prefixSteps} steps were not enough to find the longest one`;
}

interface Culprit {
  readonly failed: Part;
  readonly part: Part;
  readonly culprit: number;
  readonly state: string;
}

/** Explained against everything up to there, not only what the minimiser left. */
function summaryOf(model: Model, { failed, part, culprit, state }: Culprit): string {
  const record = part.records()[culprit];
  const inFailed = failed.records().findIndex((each) => each === record);
  const whole = cutAt(failed, inFailed);
  const inWhole = whole.records().findIndex((each) => each === record);
  const stateText = state === '' ? model.describeState(model.init) : state;
  const sentence = explain(model, whole, inWhole, stateText);
  return part.key === null ? sentence : `key ${part.key}: ${sentence}`;
}

function statesAlong(model: Model, part: Part, placed: readonly number[]): string[] {
  const space = stateSpaceOf(model);
  let state = space.initial;
  return placed.map((at) => {
    const operation = timedAt(part.operations, at)?.operation;
    if (operation !== undefined) state = space.next(state, operation);
    return space.describe(state);
  });
}

/**
 * All operations when they are few, else the ones that ended last before the culprit's return, and
 * those that never ended last of all.
 */
function mostTelling(part: Part, culprit: number): number[] {
  const all = [...part.operations.calls.keys()];
  if (all.length <= mostOperations) return all;
  const endOf = (at: number): number => {
    const returnedAt = part.operations.returns[at] ?? 0;
    return returnedAt === Infinity ? (part.operations.calls[at] ?? 0) : returnedAt;
  };
  const others = all.filter((at) => at !== culprit).sort((one, other) => endOf(other) - endOf(one));
  return [culprit, ...others.slice(0, mostOperations - 1)].sort((one, other) => one - other);
}

function windowOf(part: Part, stuck: readonly number[]): { fromNs: number; toNs: number } {
  const records = stuck.map((at) => part.records()[at]).filter((each) => each !== undefined);
  return {
    fromNs: Math.min(...records.map(({ invoke }) => invoke.timeNs)),
    toNs: Math.max(...records.map(({ invoke, complete }) => (complete ?? invoke).timeNs)),
  };
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
