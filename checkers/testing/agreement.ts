import type { OpEvent } from '../../core/event.ts';
import { type History, historyOf } from '../../core/history.ts';
import { rngOf } from '../../core/rng.ts';
import type { Validity } from '../../core/verdict.ts';
import { type Algorithm, createDecider } from '../linearizability/algorithm.ts';
import { isLinearizable } from '../linearizability/brute-force.ts';
import { type FailedCas, partsOf } from '../linearizability/part.ts';
import { modelNamed, models } from '../models/index.ts';
import type { Model } from '../models/model.ts';
import { questionsFor } from './questions.ts';
import { type HistoryShape, randomHistory } from './random-history.ts';

/** Every way to decide a history but the exhaustive one. */
export const algorithms: readonly Algorithm[] = ['auto', 'search', 'porcupine'];

/** One small history, judged in every way. */
export interface Comparison {
  readonly model: string;
  readonly seed: number;
  readonly failedCas: FailedCas;
  readonly events: readonly OpEvent[];
  /** What exhaustive search says. */
  readonly linearizable: boolean;
  /** Algorithms that say something else, with what they say. */
  readonly wrong: readonly string[];
  /** Whether some algorithm other than a search was at work. */
  readonly monitored: boolean;
}

/** Every model that random histories are known for: all of them, or this throws. */
export function testedModels(): readonly string[] {
  const missing = Object.keys(models).filter((name) => !(name in questionsFor));
  if (missing.length > 0) throw new Error(`expected random questions for ${missing.join(', ')}`);
  return Object.keys(models);
}

/**
 * The history that a seed stands for, valid or spoilt: up to ten operations of up to four clients, with
 * or without crashed ones, with values that are new each time or few.
 */
export function historyOfSeed(model: string, seed: number): readonly OpEvent[] {
  const questions = questionsFor[model];
  if (questions === undefined) throw new Error(`expected random questions for ${model}`);
  const rng = rngOf(seed, 'shape');
  const shape: HistoryShape = {
    seed,
    operations: rng.float() < 0.1 ? rng.int(0, 10) : rng.int(3, 8),
    clients: rng.int(1, 4),
    crashes: rng.pick([0, 0.1, 0.4]),
    mutations: rng.pick([0, 1, 1, 2, 3]),
    values: rng.pick([0, 0, 1, 2, 3]),
  };
  return randomHistory(modelNamed(model), questions, shape);
}

/** Whether a failed cas says something is drawn from the seed too. */
export function compareSeed(model: string, seed: number): Comparison {
  const failedCas = rngOf(seed, 'failed-cas').pick(['drop', 'assert'] as const);
  return { ...compare(model, historyOfSeed(model, seed), failedCas), seed };
}

export function compare(
  name: string,
  events: readonly OpEvent[],
  failedCas: FailedCas,
): Omit<Comparison, 'seed'> {
  const model = modelNamed(name);
  const history = historyOf(events);
  const linearizable = isLinearizable(history, model, failedCas);
  const expected = linearizable ? 'valid' : 'invalid';
  const answers = algorithms.map((algorithm) => ({
    algorithm,
    ...decide(model, history, { algorithm, failedCas }),
  }));
  return {
    model: name,
    failedCas,
    events,
    linearizable,
    wrong: answers
      .filter(({ valid }) => valid !== expected)
      .map(({ algorithm, valid }) => `${algorithm} says ${valid}`),
    monitored: answers.some(
      ({ algorithm, by }) => algorithm === 'auto' && by.some((each) => !each.includes('search')),
    ),
  };
}

interface How {
  readonly algorithm: Algorithm;
  readonly failedCas: FailedCas;
  readonly maxSteps?: number;
}

/** What an algorithm says of a history, and the names of those that it left the parts to. */
export function decide(
  model: Model,
  history: History,
  { algorithm, failedCas, maxSteps = Infinity }: How,
): { readonly valid: Validity; readonly by: readonly string[] } {
  const by: string[] = [];
  let valid: Validity = 'valid';
  for (const { operations } of partsOf(history, model, failedCas)) {
    const decider = createDecider(model, operations, algorithm);
    by.push(decider.name);
    const answer = decider.run(maxSteps);
    if (answer === 'invalid') return { valid: 'invalid', by };
    if (answer === null) valid = 'unknown';
  }
  return { valid, by };
}

/** Leaves out operations for as long as the algorithms still disagree. */
export function smallestDisagreement(found: Comparison): Comparison {
  let smallest = found;
  for (let shrunk = true; shrunk;) {
    shrunk = false;
    for (const events of withoutEach(smallest.events)) {
      const smaller = compare(found.model, events, found.failedCas);
      if (smaller.wrong.length === 0) continue;
      smallest = { ...smaller, seed: found.seed };
      shrunk = true;
      break;
    }
  }
  return smallest;
}

/** The history without each of its operations in turn. */
function* withoutEach(events: readonly OpEvent[]): Generator<readonly OpEvent[]> {
  for (const [at, { phase, process }] of events.entries()) {
    if (phase !== 'invoke') continue;
    const answer = events.findIndex((each, place) => place > at && each.process === process);
    const kept = events.filter((_, place) => place !== at && place !== answer);
    yield kept.map((event, index) => ({ ...event, index }));
  }
}

/** A line for each event, as `brief` reads them. */
export function describeEvents(events: readonly OpEvent[]): string {
  return events
    .map(({ process, phase, op, value }) => `  ${process} ${phase} ${op} ${JSON.stringify(value)}`)
    .join('\n');
}

/** A disagreement as a person wants to see it. */
export function describeDisagreement(found: Comparison): string {
  const { model, seed, failedCas, events, linearizable, wrong } = smallestDisagreement(found);
  const truth = linearizable ? 'linearizable' : 'not linearizable';
  return (
    `${model}, seed ${seed}, failed cas ${failedCas}: exhaustive search finds it ${truth}, ` +
    `${wrong.join(', ')}\n${describeEvents(events)}`
  );
}
