import { listenToDraws } from '../core/rng.ts';
import type { Trace } from './trace.ts';
import { type Difference, type Transcript, differenceOf, transcript } from './transcript.ts';

/** What comes of doing the same twice. */
export interface Twice {
  readonly events: number;
  readonly draws: number;
  /** Null where both times everything was the same. */
  readonly difference: Difference | null;
}

/**
 * Runs it two times, one after the other, and compares every event, draw, message, write, log line and
 * answer. What it runs must tell the trace, and nothing else may draw meanwhile.
 */
export async function twice(run: (trace: Trace) => Promise<unknown>): Promise<Twice> {
  const first = await transcribed(run);
  const second = await transcribed(run);
  return { events: first.events, draws: first.draws, difference: differenceOf(first, second) };
}

async function transcribed(run: (trace: Trace) => Promise<unknown>): Promise<Transcript> {
  const written = transcript();
  using _listening = listenToDraws((stream, draw) => written.draw(stream, draw));
  await run(written);
  return written;
}

/** In words, for people. */
export function differenceText({ event, timeNs, first, second }: Difference): string {
  const at = `${(timeNs / 1e9).toFixed(9)} s`;
  const done = (line: string | null): string => line ?? 'nothing more happens';
  return `after event ${event}, at ${at}: the first time ${done(first)}; the second time ${done(second)}`;
}
