import { type History, type Operation, operationsOf } from '../../core/history.ts';
import type { Model, ModelOperation } from '../models/model.ts';
import type { FailedCas } from './part.ts';

/** More operations on one key than this would take for ever. */
const mostOperations = 12;

/**
 * The slow, obvious twin of every algorithm here, for tests: it tries each order of each subset of the
 * unknown operations, with no cache, no cleverness, and no use of a model's optional hooks. It reads
 * the history by itself too, straight from the definition in Herlihy and Wing (1990, section 2).
 */
export function isLinearizable(
  history: History,
  model: Model,
  failedCas: FailedCas = 'drop',
): boolean {
  const groups = new Map<string | null, Candidate[]>();
  for (const record of operationsOf(history)) {
    const candidate = candidateOf(record);
    if (candidate.operation.phase === 'fail') {
      if (candidate.operation.op !== 'cas' || failedCas === 'drop') continue;
    }
    const key = model.partition(candidate.operation);
    groups.set(key, [...(groups.get(key) ?? []), candidate]);
  }
  return [...groups.values()].every((group) => {
    if (group.length > mostOperations) throw new Error(`too many operations: ${group.length}`);
    return canFinish(model, group, { state: model.init, left: (1 << group.length) - 1 });
  });
}

interface Candidate {
  readonly operation: ModelOperation;
  readonly calledAt: number;
  /** Infinity when it need not have happened. */
  readonly returnedAt: number;
}

function candidateOf({ invoke, complete }: Operation): Candidate {
  const { process, op, key = null, value: input } = invoke;
  if (complete === undefined || complete.phase === 'info' || complete.phase === 'invoke') {
    const operation: ModelOperation = { process, op, key, input, output: null, phase: 'info' };
    return { operation, calledAt: invoke.index, returnedAt: Infinity };
  }
  const { phase } = complete;
  const output = phase === 'ok' ? complete.value : null;
  return {
    operation: { process, op, key, input, output, phase },
    calledAt: invoke.index,
    returnedAt: complete.index,
  };
}

/** Where an order has come to; `left` has a bit for each candidate that is not in it yet. */
interface Prefix {
  readonly state: unknown;
  readonly left: number;
}

/** Whether some order of what is left, begun in this state, has all that returned in it. */
function canFinish(
  model: Model,
  candidates: readonly Candidate[],
  { state, left }: Prefix,
): boolean {
  let firstReturn = Infinity;
  candidates.forEach(({ returnedAt }, at) => {
    if ((left & (1 << at)) !== 0 && returnedAt < firstReturn) firstReturn = returnedAt;
  });
  if (firstReturn === Infinity) return true;
  return candidates.some(({ operation, calledAt }, at) => {
    if ((left & (1 << at)) === 0 || calledAt > firstReturn) return false;
    const others = left & ~(1 << at);
    return model
      .step(state, operation)
      .some((next) => canFinish(model, candidates, { state: next, left: others }));
  });
}
