import type { CheckContext } from '../core/checker.ts';
import type { Verdict } from '../core/verdict.ts';
import { pause } from './linearizability/pause.ts';

/** What a computation did since it was asked last. */
export interface Stint {
  /** As many as it takes to look at so many things; a million of them are some ten milliseconds. */
  readonly steps: number;
  /** What it has come to hold, about. */
  readonly bytes?: number;
}

/** A computation that may be left off wherever it yields. */
export type Work<Result> = Generator<Stint, Result, undefined>;

/** Does all of it at once. */
export function finish<Result>(work: Work<Result>): Result {
  for (let next = work.next(); ; next = work.next()) {
    if (next.done === true) return next.value;
  }
}

/** Steps between two looks at the clock and at the signal. */
const stepsAtOnce = 500_000;

/**
 * Does it bit by bit, and leaves it off where the context says so: the verdict is `unknown` then, and
 * says why. Without `maxMemoryMb` memory has no limit, and where nothing has, all is done at once.
 */
export function withinLimits(
  checker: string,
  context: CheckContext,
  work: Work<Verdict>,
): Promise<Verdict> | Verdict {
  const { signal, timeoutMs, maxMemoryMb } = context;
  const isLimited = (signal ?? timeoutMs ?? maxMemoryMb) !== undefined;
  return isLimited ? inTurns(checker, context, work) : finish(work);
}

async function inTurns(
  checker: string,
  context: CheckContext,
  work: Work<Verdict>,
): Promise<Verdict> {
  const { maxMemoryMb = Infinity } = context;
  const signal = signalOf(context);
  const unknown = (summary: string): Verdict => ({ checker, valid: 'unknown', summary });
  let steps = 0;
  let bytesHeld = 0;
  for (let next = work.next(); ; next = work.next()) {
    if (next.done === true) return next.value;
    steps += next.value.steps;
    bytesHeld += next.value.bytes ?? 0;
    if (bytesHeld > maxMemoryMb * 1e6)
      return unknown(`${maxMemoryMb} MB of memory were not enough`);
    if (steps < stepsAtOnce) continue;
    steps = 0;
    await pause();
    if (signal.aborted) return unknown(reasonFor(context));
  }
}

/** Aborts when the caller wants it or the time is over. */
export function signalOf({ signal, timeoutMs }: CheckContext): AbortSignal {
  const signals = signal === undefined ? [] : [signal];
  if (timeoutMs !== undefined) signals.push(AbortSignal.timeout(timeoutMs));
  return AbortSignal.any(signals);
}

/** Why a check ended early when that signal aborted. */
export function reasonFor({ signal, timeoutMs }: CheckContext): string {
  if (signal?.aborted === true) return 'the check was cancelled';
  return `the time limit of ${timeoutMs ?? 0} ms ran out, so another run may say more`;
}
