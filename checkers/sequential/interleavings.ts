import { type History, type Operation, operationsOf } from '../../core/history.ts';
import type { Model, ModelOperation } from '../models/model.ts';

/** More operations than this would take for ever. */
const mostOperations = 10;

/**
 * The slow, obvious twin of the search, for tests: it tries every interleaving of what the processes did,
 * with and without each crashed operation, straight from the definition (Lamport, "How to make a
 * multiprocessor computer that correctly executes multiprocess programs", 1979). Failed operations
 * did not happen.
 */
export function isSequential(history: History, model: Model): boolean {
  const sessions = new Map<number, Step[]>();
  const operations = operationsOf(history).filter(({ complete }) => complete?.phase !== 'fail');
  if (operations.length > mostOperations) {
    throw new Error(`expected at most ${mostOperations} operations, got ${operations.length}`);
  }
  for (const record of operations) {
    const { process } = record.invoke;
    sessions.set(process, [...(sessions.get(process) ?? []), stepOf(record)]);
  }
  return canFinish(model, new Map(), [...sessions.values()]);
}

interface Step {
  readonly operation: ModelOperation;
  readonly certain: boolean;
}

function stepOf({ invoke, complete }: Operation): Step {
  const { op, key = null, value: input, process } = invoke;
  const certain = complete?.phase === 'ok';
  const [output, phase] = certain ? [complete.value, 'ok' as const] : [null, 'info' as const];
  return { operation: { op, key, input, output, phase, process }, certain };
}

type States = ReadonlyMap<string | null, unknown>;

function canFinish(model: Model, states: States, left: readonly (readonly Step[])[]): boolean {
  if (left.flat().every(({ certain }) => !certain)) return true;
  return left.some((session, at) => {
    const [step, ...rest] = session;
    if (step === undefined) return false;
    const part = model.partition(step.operation);
    const state = states.has(part) ? states.get(part) : model.init;
    const others = left.with(at, rest);
    if (!step.certain && canFinish(model, states, others)) return true;
    return model
      .step(state, step.operation)
      .some((next) => canFinish(model, new Map(states).set(part, next), others));
  });
}
