import type { CheckContext, Checker } from '../../core/checker.ts';
import type { LinearizabilityFailure } from '../../core/evidence.ts';
import type { History } from '../../core/history.ts';
import type { JsonObject } from '../../core/json.ts';
import { type Verdict, mergeValidity } from '../../core/verdict.ts';
import { attempt } from '../attempt.ts';
import type { Model } from '../models/model.ts';
import { reasonFor, signalOf } from '../work.ts';
import type { Algorithm } from './algorithm.ts';
import { decideParts } from './decide-parts.ts';
import type { Decision } from './decider.ts';
import {
  type LinearizabilityEvidence,
  mostFailures,
  unexplained,
  validSummary,
} from './evidence.ts';
import { failureOf } from './failure.ts';
import { type FailedCas, type Part, partsOf } from './part.ts';
import { defaultMaxMemoryMb } from './search/search.ts';
import { createStream } from './stream/stream.ts';
import { labelOf, whoOf } from './wording.ts';

export interface LinearizableOptions {
  /** What a failed cas says; `drop` by default. */
  readonly failedCas?: FailedCas;
  /** `auto` by default; the others are for comparing. */
  readonly algorithm?: Algorithm;
}

/** Enough for anything but the hard cases; some ten seconds when all of them are used. */
export const defaultMaxSteps = 20_000_000;

/**
 * Checks that each operation seems to take effect at one moment between its call and its return
 * (Herlihy and Wing, "Linearizability: a correctness condition for concurrent objects", 1990). The
 * verdict's `details` are a `LinearizabilityEvidence`. Of the context, `maxSteps` counts for all parts
 * together, `maxMemoryMb` for each part, and verdicts do not depend on `threads`; only `timeoutMs` and `signal` make them depend on
 * time, and then they say so.
 */
export function linearizable(model: Model, options: LinearizableOptions = {}): Checker {
  const { failedCas = 'drop' } = options;
  return {
    name: 'linearizable',
    summary:
      'every operation took effect at one moment between its call and its return, ' +
      `as on one ${model.name}`,
    async check(history, context = {}) {
      try {
        return await judge(model, history, options, context);
      } catch (error) {
        // What a model or a thread throws says something about the input or the checker, not the system.
        const reason = error instanceof Error ? error.message : String(error);
        return { checker: 'linearizable', valid: 'unknown', summary: `not checked: ${reason}` };
      }
    },
    stream: ({ maxSteps = defaultMaxSteps, maxMemoryMb = defaultMaxMemoryMb, ...rest } = {}) =>
      createStream({ model, failedCas, context: { ...rest, maxSteps, maxMemoryMb } }),
  };
}

async function judge(
  model: Model,
  history: History,
  { failedCas = 'drop', algorithm = 'auto' }: LinearizableOptions,
  context: CheckContext,
): Promise<Verdict> {
  const parts = partsOf(history, model, failedCas);
  const { maxSteps = defaultMaxSteps, threads = 0, onProgress } = context;
  const { maxMemoryMb = defaultMaxMemoryMb } = context;
  const { decisions, stopped } = await decideParts(model, parts, {
    algorithm,
    maxSteps,
    maxMemoryMb,
    threads,
    signal: signalOf(context),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const valid = mergeValidity(decisions.map((decision) => decision?.valid ?? 'unknown'));
  const judged: Judged = {
    model,
    parts,
    decisions,
    stopped,
    context: { ...context, maxSteps, maxMemoryMb },
  };
  // Whoever asks only for the verdict does not wait for the evidence, which may cost more to work out.
  const details = once(() => evidenceOf(judged));
  const summary = {
    valid: () => validSummary(model, details()),
    invalid: () => invalidSummary(judged, details()),
    unknown: () => unknownSummary(judged),
  };
  return {
    checker: 'linearizable',
    valid,
    get summary() {
      return summary[valid]();
    },
    get details() {
      return details() as unknown as JsonObject;
    },
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

interface Judged {
  readonly model: Model;
  readonly parts: readonly Part[];
  readonly decisions: readonly (Decision | null)[];
  readonly stopped: boolean;
  readonly context: CheckContext & { readonly maxSteps: number; readonly maxMemoryMb: number };
}

function evidenceOf({ model, parts, decisions }: Judged): LinearizabilityEvidence {
  const failed = [...parts.keys()].filter((at) => decisions[at]?.valid === 'invalid');
  const failures: LinearizabilityFailure[] = [];
  const problems: string[] = [];
  for (const at of failed.slice(0, mostFailures)) {
    const [part, stuck] = [parts[at] as Part, decisions[at]?.stuck ?? null];
    attempt(
      () => void failures.push(failureOf(model, part, stuck, (each) => problems.push(each))),
      (reason) => void problems.push(unexplained(part.key, reason)),
    );
  }
  return {
    failures,
    ...(problems.length > 0 ? { problems } : {}),
    partitions: parts.length,
    operations: parts.reduce((sum, { operations }) => sum + operations.length, 0),
    steps: decisions.reduce((sum, decision) => sum + (decision?.steps ?? 0), 0),
    unknownKeys: undecided(decisions).map((at) => parts[at]?.key ?? 'the whole history'),
    algorithms: countOfEach(decisions),
  };
}

function countOfEach(decisions: readonly (Decision | null)[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const decision of decisions) {
    if (decision !== null) counts[decision.algorithm] = (counts[decision.algorithm] ?? 0) + 1;
  }
  return counts;
}

/** The places of the parts about which nothing is known. */
function undecided(decisions: readonly (Decision | null)[]): number[] {
  return [...decisions.keys()].filter((at) => (decisions[at]?.valid ?? 'unknown') === 'unknown');
}

function invalidSummary({ decisions }: Judged, details: LinearizabilityEvidence): string {
  const failed = decisions.filter((decision) => decision?.valid === 'invalid').length;
  const first = details.failures[0]?.summary ?? details.problems?.[0] ?? '';
  return failed === 1
    ? `not linearizable: ${first}`
    : `not linearizable in ${failed} of ${details.partitions} independent parts; first ${first}`;
}

/** Says what stopped the check, how many parts are left, and where the first of them was stuck. */
function unknownSummary({ model, parts, decisions, stopped, context }: Judged): string {
  const left = undecided(decisions);
  const why = stopped
    ? reasonFor(context)
    : left.some((at) => decisions[at]?.isFull === true)
      ? `${context.maxMemoryMb} MB of memory were not enough`
      : `${context.maxSteps} steps of search were not enough`;
  const [first = 0] = left;
  const where = whereStuck(model, parts[first], decisions[first]?.stuck ?? null);
  return `${why}, ${left.length} of ${parts.length} independent parts are undecided${where}`;
}

function whereStuck(model: Model, part: Part | undefined, at: number | null): string {
  const record = at === null ? undefined : part?.records()[at];
  if (part === undefined || at === null || record === undefined) return '';
  const name = part.key === null ? 'the history' : `key ${part.key}`;
  const label = attempt(
    () => labelOf(model, part, at),
    () => record.invoke.op,
  );
  return `; on ${name} it got no further than ${label} by ${whoOf(record)}`;
}
