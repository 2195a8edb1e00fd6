import { describe, expect, it } from 'vitest';
import { historyOf } from '../../core/history.ts';
import { modelNamed } from '../models/index.ts';
import { questionsFor } from '../testing/questions.ts';
import { randomHistory } from '../testing/random-history.ts';
import { type Crew, type Job, createCrewOfOne } from './crew.ts';
import type { Decision } from './decider.ts';
import { operationsFrom } from './operations.ts';
import { partsOf } from './part.ts';
import { createCrewOfThreads } from './workers.ts';

const model = modelNamed('cas-register', { init: 0 });

const jobs = Array.from({ length: 60 }, (_, at): Job => {
  const events = randomHistory(model, questionsFor['cas-register']!, {
    seed: at,
    operations: 40,
    clients: 4,
    crashes: 0.1,
    mutations: 1,
    values: at % 4,
  });
  const operations = partsOf(historyOf(events), model)[0]?.operations ?? operationsFrom([]);
  return {
    at,
    operations,
    algorithm: 'auto',
    maxMemoryMb: 100,
    maxSteps: at % 10 === 0 ? 10 : 1e6,
  };
});

async function decide(crew: Crew, work: readonly Job[], signal = new AbortController().signal) {
  const decisions: Decision[] = [];
  try {
    await crew.decide(work, ({ at }, decision) => void (decisions[at] = decision), signal);
  } finally {
    await crew.dismiss();
  }
  return decisions;
}

describe('a crew of threads', () => {
  it('decides every job as one thread does, in the initial state of the model', async () => {
    const alone = await decide(createCrewOfOne(model), jobs);
    expect(new Set(alone.map(({ valid }) => valid))).toEqual(
      new Set(['valid', 'invalid', 'unknown']),
    );
    expect(await decide(createCrewOfThreads(model.origin!, 3), jobs)).toEqual(alone);
  });

  it('reports what a model throws', async () => {
    const operation = {
      process: 0,
      op: 'cas',
      key: null,
      input: 5,
      output: 5,
      phase: 'ok',
    } as const;
    const wrong: Job = {
      at: 0,
      operations: operationsFrom([{ operation, calledAt: 0, returnedAt: 1 }]),
      algorithm: 'search',
      maxSteps: 1000,
      maxMemoryMb: 100,
    };
    await expect(decide(createCrewOfThreads(model.origin!, 1), [wrong])).rejects.toThrow(
      'expected the input of cas to be a pair such as [1, 2], got 5',
    );
  });

  it('reports that a model is unknown instead of waiting for ever', async () => {
    await expect(decide(createCrewOfThreads({ name: 'no-such' }, 1), jobs)).rejects.toThrow(
      'a checker thread failed: expected a model',
    );
  });

  it('does nothing more once the signal aborted', async () => {
    const decisions = await decide(
      createCrewOfThreads(model.origin!, 2),
      jobs,
      AbortSignal.abort(),
    );
    expect(decisions).toEqual([]);
  });
});
