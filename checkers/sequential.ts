import type { CheckContext, Checker } from '../core/checker.ts';
import type { History } from '../core/history.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { Verdict } from '../core/verdict.ts';
import { attempt } from './attempt.ts';
import { clockOf } from './findings.ts';
import { type LinearizableOptions, linearizable } from './linearizability/index.ts';
import { unexplained } from './linearizability/evidence.ts';
import { type Part, partsOf } from './linearizability/part.ts';
import { pause } from './linearizability/pause.ts';
import type { Model } from './models/model.ts';
import { evidenceAgainst, stuckIn } from './sequential/evidence.ts';
import { programOf } from './sequential/program.ts';
import { searchForOrder } from './sequential/search.ts';
import { shrink } from './sequential/shrink.ts';
import { reasonFor, signalOf } from './work.ts';

/** Some ten seconds, for a search that branches all the time. */
const stepsDefault = 5_000_000;
const memoryDefaultMb = 1_000;
/** Steps between two looks at the clock and at the signal. */
const stepsAtOnce = 20_000;

/**
 * Checks that all operations fit into one order that keeps the order of every process (Lamport, "How to
 * make a multiprocessor computer that correctly executes multiprocess programs", 1979). Real time binds
 * nobody: a stale read is fine as long as its process never saw the newer value. What is linearizable is
 * sequentially consistent, so that is asked first and settles most histories; then every part of the
 * object by itself, because one without an order convicts the whole; then all parts together, because
 * parts that have an order each need not have one together.
 */
export function sequential(model: Model, options: LinearizableOptions = {}): Checker {
  return {
    name: 'sequential',
    summary: `all operations fit into one order that keeps the order of every process, as on one ${model.name}`,
    async check(history, context = {}) {
      try {
        return await judge(model, { history, options, context });
      } catch (error) {
        // What a model throws says something about the input, not about the system.
        const reason = error instanceof Error ? error.message : String(error);
        return { checker: 'sequential', valid: 'unknown', summary: `not checked: ${reason}` };
      }
    },
  };
}

interface Question {
  readonly history: History;
  readonly options: LinearizableOptions;
  readonly context: CheckContext;
}

async function judge(model: Model, { history, options, context }: Question): Promise<Verdict> {
  const { maxSteps = stepsDefault, maxMemoryMb = memoryDefaultMb } = context;
  const signal = signalOf(context);
  const asked = { ...context, maxSteps: Math.ceil(maxSteps / 2), signal };
  const stronger = await linearizable(model, options).check(history, asked);
  if (stronger.valid === 'valid') {
    const summary = `sequentially consistent, because ${stronger.summary}`;
    return { checker: 'sequential', valid: 'valid', summary, details: { steps: 0 } };
  }
  const parts = partsOf(history, model, options.failedCas);
  const budget = { steps: maxSteps, bytes: maxMemoryMb * 2 ** 20, signal };
  const answer = await answerOn(model, parts, budget);
  const operations = parts.reduce((sum, part) => sum + part.operations.length, 0);
  const details = { operations, steps: maxSteps - budget.steps };
  switch (answer.kind) {
    case 'no order':
      return convict(model, answer.of, details);
    case 'order': {
      const summary = `${operations} operations fit into one order that keeps every process's own, though not into one that keeps real time`;
      return { checker: 'sequential', valid: 'valid', summary, details };
    }
    case 'unknown': {
      const why = signal.aborted
        ? reasonFor(context)
        : `${maxSteps} steps of search or ${maxMemoryMb} MB were not enough`;
      const summary = `${why}; ${answer.where}`;
      return { checker: 'sequential', valid: 'unknown', summary, details };
    }
  }
}

interface Budget {
  /** What is left. */
  steps: number;
  readonly bytes: number;
  readonly signal: AbortSignal;
}

type Answer =
  | { readonly kind: 'order' }
  | { readonly kind: 'no order'; readonly of: readonly Part[] }
  | { readonly kind: 'unknown'; readonly where: string };

/** Each part by itself may use an equal share of half the steps; all together have the rest. */
async function answerOn(model: Model, parts: readonly Part[], budget: Budget): Promise<Answer> {
  const share = Math.floor(budget.steps / 2 / parts.length);
  for (const part of parts.length > 1 ? parts : []) {
    const answer = await ask(model, [part], { ...budget, steps: share });
    budget.steps -= answer.steps;
    if (answer.found === 'none') return { kind: 'no order', of: [part] };
  }
  const answer = await ask(model, parts, budget);
  budget.steps -= answer.steps;
  if (answer.found === 'found') return { kind: 'order' };
  return answer.found === 'none'
    ? { kind: 'no order', of: parts }
    : { kind: 'unknown', where: answer.where };
}

interface Search {
  readonly found: 'found' | 'none' | 'unknown';
  readonly steps: number;
  /** How far the search came. */
  readonly where: string;
}

async function ask(
  model: Model,
  parts: readonly Part[],
  { steps, bytes, signal }: Budget,
): Promise<Search> {
  const program = programOf(model, parts);
  const search = searchForOrder(program);
  let found: Search['found'] = 'unknown';
  while (found === 'unknown' && search.steps() < steps && search.bytes() < bytes) {
    found = search.run(Math.min(stepsAtOnce, steps - search.steps()));
    if (found === 'unknown') await pause();
    if (signal.aborted) break;
  }
  const processes = stuckIn(program, search).map(
    (operation) => program.operations[operation]?.record.invoke.process ?? 0,
  );
  const stuck = processes.slice(0, 8).join(', ');
  const where = `the longest order has ${search.longest().length} of ${program.operations.length} operations, with ${processes.length} processes stuck (${stuck})`;
  return { found, steps: search.steps(), where };
}

function convict(model: Model, guilty: readonly Part[], details: JsonObject): Verdict {
  const convicted = { checker: 'sequential', valid: 'invalid' } as const;
  const because = 'not sequentially consistent';
  return attempt(
    (): Verdict => {
      const at = clockOf(guilty.flatMap((part) => part.records()));
      const failure = evidenceAgainst(model, shrink(model, guilty), at);
      const summary = `${because}: ${failure.summary}`;
      const failures = [failure as unknown as Json];
      return { ...convicted, summary, details: { ...details, failures } };
    },
    (reason) => {
      const summary = `${because}: ${unexplained(null, reason)}`;
      return { ...convicted, summary, details };
    },
  );
}
