import type { CheckContext, CheckStream } from '../../../core/checker.ts';
import { type OpEvent, isFaultEvent } from '../../../core/event.ts';
import type { Verdict } from '../../../core/verdict.ts';
import { attempt } from '../../attempt.ts';
import type { Model } from '../../models/model.ts';
import { type FailedCas, unknownOperation } from '../part.ts';
import { type LivePart, createLivePart } from './live-part.ts';
import { type LiveParts, createLiveParts } from './live-parts.ts';
import { askedBy, createOpenCalls } from './open-calls.ts';
import { streamFailureOf } from './stream-failure.ts';
import { streamVerdict } from './stream-verdict.ts';

export interface StreamOptions {
  readonly model: Model;
  readonly failedCas: FailedCas;
  readonly context: CheckContext & { readonly maxSteps: number; readonly maxMemoryMb: number };
}

/** Events that may wait for operations to end, in all parts together. */
const mostHeld = 200_000;

/**
 * Checks a history while it grows, breadth first in every part. An event is judged as soon as all
 * operations of its part that were called before it have ended, since only then their results are
 * known. One that takes too long to wait for is taken for crashed: that allows no less, so an `invalid`
 * stands, and a `valid` becomes `unknown`. Some steps for each return are free, since a run may be of
 * any length.
 */
export function createStream({ model, failedCas, context }: StreamOptions): CheckStream {
  const { maxSteps, maxMemoryMb } = context;
  const limits = `${maxSteps} steps and ${maxMemoryMb} MB`;
  const known = new Set(model.operations);
  const budget = { stepsLeft: maxSteps, stepsTaken: 0, maxBytes: maxMemoryMb * 1e6 };
  const parts = createLiveParts((key) => createLivePart({ model, key, failedCas, budget }));
  const calls = createOpenCalls(model);
  const say = streamVerdict(model, parts, budget);
  let convicted: Verdict | null = null;
  /** The first reason why nothing better than `unknown` can be said. */
  let doubt: string | null = null;
  let isBroken = false;

  const advance = (part: LivePart | null): void => {
    if (part === null) return;
    parts.advance(part);
    const { failure, outcome } = part.judge;
    if (failure !== null) {
      convicted ??= attempt(
        () => say.invalid(streamFailureOf(model, failure, { key: part.key, failedCas })),
        (reason) => say.unexplained(part.key, reason),
      );
    }
    if (outcome === 'too-hard') doubt ??= `${limits} were not enough for ${nameOf(part)}`;
  };
  const take = (event: OpEvent): void => {
    const { process, phase } = event;
    if (!known.has(event.op)) throw unknownOperation(model, event);
    if (phase === 'ok') advance(calls.end(process, 'returned', event));
    else if (phase === 'fail') advance(calls.end(process, 'failed', event));
    else advance(calls.end(process, 'crashed'));
    if (phase !== 'invoke') return;
    const part = parts.of(model.partition(askedBy(event)));
    calls.begin(event, part);
    advance(part);
    if (parts.held() <= mostHeld) return;
    doubt ??= `more than ${mostHeld} events had to wait for operations that did not end`;
    stopWaiting(parts, advance);
  };
  /** What a model throws says something about the input, not the system. */
  const unlessBroken = (work: () => void): void => {
    if (convicted !== null || isBroken) return;
    try {
      work();
    } catch (error) {
      isBroken = true;
      doubt = `not checked: ${error instanceof Error ? error.message : String(error)}`;
    }
  };
  return {
    next(event) {
      if (!isFaultEvent(event)) unlessBroken(() => take(event));
      return convicted;
    },
    end() {
      for (const process of calls.processes()) {
        unlessBroken(() => advance(calls.end(process, 'crashed')));
      }
      return convicted ?? (doubt === null ? say.valid() : say.unknown(doubt));
    },
  };
}

function nameOf({ key }: LivePart): string {
  return key === null ? 'the history' : `key ${key}`;
}

/** Lets go of the operations that others wait for until half as many events are held. */
function stopWaiting(parts: LiveParts, advance: (part: LivePart) => void): void {
  for (const part of parts.waiting()) {
    while (part.held() > 0 && parts.held() > mostHeld / 2) {
      part.giveUpWaiting();
      advance(part);
    }
  }
}
