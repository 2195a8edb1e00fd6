import type { CheckContext, CheckStream } from '../../../core/checker.ts';
import { type HistoryEvent, type OpEvent, isFaultEvent } from '../../../core/event.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Verdict } from '../../../core/verdict.ts';
import type { Model, ModelOperation } from '../../models/model.ts';
import { type LinearizabilityEvidence, validSummary } from '../evidence.ts';
import { type FailedCas, unknownOperation } from '../part.ts';
import type { Pending } from './held-events.ts';
import { type LivePart, createLivePart } from './live-part.ts';
import { type LiveParts, createLiveParts } from './live-parts.ts';
import { streamFailureOf } from './stream-failure.ts';

export interface StreamOptions {
  readonly model: Model;
  readonly failedCas: FailedCas;
  readonly context: CheckContext & { readonly maxSteps: number; readonly maxMemoryMb: number };
}

/** Events that may wait for one operation to end, in all parts together. */
const mostHeld = 200_000;

/**
 * Checks a history while it grows, breadth first in every part. An event is judged as soon as all
 * operations of its part that were called before it have ended, since only then their results are
 * known. One that takes too long to wait for is taken for crashed: that allows no less, so an `invalid`
 * stands, and a `valid` becomes `unknown`. Of the steps, 100 for each return are free, since a run may
 * be of any length.
 */
export function createStream({ model, failedCas, context }: StreamOptions): CheckStream {
  const known = new Set(model.operations);
  const budget = { stepsLeft: context.maxSteps, stepsTaken: 0 };
  const maxBytes = context.maxMemoryMb * 1e6;
  const parts = createLiveParts((key) =>
    createLivePart({ model, key, failedCas, budget, maxBytes }),
  );
  const running = new Map<number, { readonly pending: Pending; readonly part: LivePart }>();
  /** The first reason why nothing better than `unknown` can be said. */
  let doubt: string | null = null;
  let broken = false;
  let convicted: Verdict | null = null;

  const end = (process: number, how: Pending['end'], complete?: OpEvent): void => {
    const one = running.get(process);
    if (one === undefined) return;
    running.delete(process);
    const { pending, part } = one;
    if (pending.end === 'given-up') return;
    pending.end = how;
    if (complete !== undefined) {
      pending.complete = complete;
      expectPart(model, part, pending);
      part.hold({ kind: 'return', pending });
    }
    judge(part);
  };
  const judge = (part: LivePart): void => {
    parts.advance(part);
    const { failure } = part;
    if (failure !== null) {
      const evidence = streamFailureOf(model, failure, { key: part.key, failedCas });
      convicted ??= verdictOf('invalid', `not linearizable: ${evidence.summary}`, [evidence]);
    }
    if (part.outcome === 'too-hard') {
      const name = part.key === null ? 'the history' : `key ${part.key}`;
      doubt ??= `${context.maxSteps} steps and ${context.maxMemoryMb} MB were not enough for ${name}`;
    }
  };
  const begin = (event: OpEvent): void => {
    // Whoever asks again without an answer has lost the last one.
    end(event.process, 'crashed');
    const part = parts.of(model.partition(asked(event)));
    const pending: Pending = { invoke: event, end: 'under-way', slot: -1 };
    running.set(event.process, { pending, part });
    part.hold({ kind: 'call', pending });
    if (parts.held(part) <= mostHeld) return;
    doubt ??= `more than ${mostHeld} events had to wait for operations that did not end`;
    parts.giveUpWaiting(mostHeld / 2, judge);
  };
  const take = (event: OpEvent): void => {
    if (!known.has(event.op)) throw unknownOperation(model, event);
    if (event.phase === 'invoke') begin(event);
    else if (event.phase === 'info') end(event.process, 'crashed');
    else end(event.process, event.phase === 'ok' ? 'returned' : 'failed', event);
  };
  /** What a model throws says something about the input, not the system. */
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      broken = true;
      doubt = `not checked: ${error instanceof Error ? error.message : String(error)}`;
    }
  };

  return {
    next(event) {
      if (convicted !== null || broken || isFaultEvent(event)) return convicted;
      attempt(() => take(event));
      return convicted;
    },
    end() {
      for (const process of [...running.keys()]) {
        if (convicted === null && !broken) attempt(() => end(process, 'crashed'));
      }
      if (convicted !== null) return convicted;
      if (doubt !== null) return verdictOf('unknown', doubt, []);
      return verdictOf('valid', validSummary(model, evidenceWith([])), []);
    },
  };

  function evidenceWith(failures: LinearizabilityEvidence['failures']): LinearizabilityEvidence {
    return {
      failures,
      partitions: parts.count,
      operations: parts.operations(),
      steps: budget.stepsTaken,
      unknownKeys: parts.tooHard().map(({ key }) => key ?? 'the whole history'),
      algorithms: { 'streaming-search': parts.count },
    };
  }
  function verdictOf(
    valid: Verdict['valid'],
    summary: string,
    failures: LinearizabilityEvidence['failures'],
  ): Verdict {
    const details = evidenceWith(failures) as unknown as JsonObject;
    return { checker: 'linearizable', valid, summary, details };
  }
}

/** An operation of which nothing is known but what was asked. */
function asked(event: OpEvent): ModelOperation {
  const { process, op, key = null, value: input } = event;
  return { process, op, key, input, output: null, phase: 'info' };
}

/** Where an operation belongs must not depend on its answer, which comes too late here. */
function expectPart(model: Model, part: LivePart, { invoke, complete }: Pending): void {
  if (complete?.phase !== 'ok') return;
  const key = model.partition({ ...asked(invoke), output: complete.value, phase: 'ok' });
  if (key === part.key) return;
  throw new Error(
    `expected the answer at event ${complete.index} to belong to ${String(part.key)} like its ` +
      `question, got ${String(key)}; check the history when it is complete`,
  );
}
