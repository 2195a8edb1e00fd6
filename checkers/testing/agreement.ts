import type { OpEvent } from '../../core/event.ts';
import { historyOf } from '../../core/history.ts';
import type { Algorithm } from '../linearizability/algorithm.ts';
import { createDecider } from '../linearizability/algorithm.ts';
import { isLinearizable } from '../linearizability/brute-force.ts';
import { type FailedCas, partsOf } from '../linearizability/part.ts';
import type { Model } from '../models/model.ts';
import { modelNamed, models } from '../models/index.ts';
import { questionsFor } from './questions.ts';
import { type HistoryShape, randomHistory } from './random-history.ts';

/** One comparison of the algorithms with their twin. */
export interface Agreement {
  readonly events: readonly OpEvent[];
  readonly twin: boolean;
  /** What each algorithm said; an empty list when they all agree with the twin. */
  readonly wrong: readonly string[];
  /** Whether some algorithm other than the general search was at work. */
  readonly monitored: boolean;
}

/** Every model that random histories are known for: all of them, or this throws. */
export function testedModels(): readonly string[] {
  const missing = Object.keys(models).filter((name) => !(name in questionsFor));
  if (missing.length > 0) throw new Error(`expected random questions for ${missing.join(', ')}`);
  return Object.keys(models);
}

export function compare(name: string, shape: HistoryShape, failedCas: FailedCas): Agreement {
  const model = modelNamed(name);
  const questions = questionsFor[name];
  if (questions === undefined) throw new Error(`expected random questions for ${name}`);
  const events = randomHistory(model, questions, shape);
  const twin = isLinearizable(historyOf(events), model, failedCas);
  const algorithms: readonly Algorithm[] = ['search', 'auto'];
  const answers = algorithms.map((algorithm) => answerOf(model, events, { algorithm, failedCas }));
  return {
    events,
    twin,
    wrong: answers
      .filter(({ linearizable }) => linearizable !== twin)
      .map(({ name: algorithm }) => algorithm),
    monitored: answers.some(({ name: algorithm }) => algorithm !== 'search'),
  };
}

interface How {
  readonly algorithm: Algorithm;
  readonly failedCas: FailedCas;
}

function answerOf(
  model: Model,
  events: readonly OpEvent[],
  { algorithm, failedCas }: How,
): { linearizable: boolean; name: string } {
  let linearizable = true;
  let name = 'search';
  for (const { operations } of partsOf(historyOf(events), model, failedCas)) {
    const decider = createDecider(model, operations, algorithm);
    name = decider.name;
    if (decider.run(Infinity) === 'invalid') linearizable = false;
  }
  return { linearizable, name };
}
