import type { CheckStream } from '../../core/checker.ts';
import type { Verdict } from '../../core/verdict.ts';
import { eventsOfHistory } from '../histories/generate.ts';
import type { Measurement, StreamAssignment } from './assignment.ts';
import { checkerFor, contextOf, millisecondsSince, resultOf } from './judge.ts';
import { liveMb } from './memory.ts';

/**
 * Lets a checker listen while a history is generated: nobody ever holds the whole of it. Time includes
 * the generator's.
 */
export function judgeStream(assignment: StreamAssignment): Measurement {
  const { question, limits } = assignment;
  const stream = checkerFor(question).stream?.(contextOf(limits));
  if (stream === undefined) {
    throw new Error(`expected a checker that judges while a run goes on, got ${question.checker}`);
  }
  const startMs = performance.now();
  const start = process.cpuUsage();
  const { verdict, weighedMb } = listen(stream, assignment);
  const cpuMs = millisecondsSince(start);
  const peakMb = Math.max(0, ...weighedMb) - (weighedMb[0] ?? 0);
  const results = [resultOf(verdict)];
  const wallMs = performance.now() - startMs;
  return { cpuMs, evidenceMs: 0, wallMs, peakMb, results };
}

function listen(
  stream: CheckStream,
  { history, weighEvery }: StreamAssignment,
): { readonly verdict: Verdict; readonly weighedMb: readonly number[] } {
  const weighedMb: number[] = [];
  let completed = 0;
  for (const event of eventsOfHistory(history)) {
    const verdict = stream.next(event);
    if (verdict !== null) return { verdict, weighedMb };
    if (event.phase !== 'invoke' && ++completed % weighEvery === 0) weighedMb.push(liveMb());
  }
  return { verdict: stream.end(), weighedMb };
}
