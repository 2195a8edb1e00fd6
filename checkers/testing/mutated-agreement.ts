import type { OpEvent } from '../../core/event.ts';
import { historyOf } from '../../core/history.ts';
import { rngOf } from '../../core/rng.ts';
import type { Validity } from '../../core/verdict.ts';
import { modelNamed } from '../models/index.ts';
import { algorithms, decide } from './agreement.ts';
import type { Consequence, Mutation } from './mutations.ts';
import { questionsFor } from './questions.ts';
import { randomHistory } from './random-history.ts';

/** A history too long for exhaustive search, as every algorithm judges it. */
export interface LongComparison {
  readonly events: readonly OpEvent[];
  /** One for each of `algorithms`; `unknown` from a search that was long. */
  readonly found: readonly Validity[];
  /** Whether none contradicts another, nor what is known of the history. */
  readonly agree: boolean;
}

/** A search that needs more is left undecided. */
const maxSteps = 50_000;

/** What one atomic object really did: 50 to 300 operations, few of them crashed. */
export function trueHistory(model: string, seed: number): readonly OpEvent[] {
  const questions = questionsFor[model];
  if (questions === undefined) throw new Error(`expected random questions for ${model}`);
  const rng = rngOf(seed, 'true-history');
  return randomHistory(modelNamed(model), questions, {
    seed,
    operations: rng.int(50, rng.pick([100, 300])),
    clients: rng.int(2, 5),
    crashes: rng.pick([0, 0.01, 0.03]),
    mutations: 0,
    values: rng.pick([0, 0, 5]),
  });
}

export function compareTrue(model: string, seed: number): LongComparison {
  return compareLong(model, trueHistory(model, seed), 'valid');
}

/** Null when the seed's history has nothing that can be changed so. */
export function compareMutated(
  model: string,
  mutation: Mutation,
  seed: number,
): LongComparison | null {
  const rng = rngOf(seed, mutation.name);
  const mutated = mutation.apply(trueHistory(model, seed), rng, modelNamed(model));
  return mutated === null ? null : compareLong(model, mutated.events, mutated.consequence);
}

function compareLong(
  name: string,
  changed: readonly OpEvent[],
  consequence: Consequence,
): LongComparison {
  const events = changed.map((event, index) => ({ ...event, index }));
  const found = algorithms.map(
    (algorithm) =>
      decide(modelNamed(name), historyOf(events), { algorithm, failedCas: 'drop', maxSteps }).valid,
  );
  const decided = new Set<Validity>(found.filter((each) => each !== 'unknown'));
  if (consequence !== 'open') decided.add(consequence);
  return { events, found, agree: decided.size < 2 };
}
