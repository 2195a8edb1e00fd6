import { checkers } from '../../checkers/index.ts';
import type { CheckContext, Checker } from '../../core/checker.ts';
import { type HistoryEvent, isFaultEvent } from '../../core/event.ts';
import { historyOf } from '../../core/history.ts';
import type { Verdict } from '../../core/verdict.ts';
import { count } from '../../reports/figures.ts';
import { messageOf } from '../failure.ts';
import type { CheckProgress } from './check-progress.ts';
import { type CheckerFlags, type ChosenChecker, chooseChecker } from './choose-checker.ts';
import { type Stopped, type Visit, firstOf, visitEvents } from './event-visit.ts';
import type { OpenedHistory } from './opened-history.ts';
import { retell } from './retell.ts';
import { logsBeside } from './run-logs.ts';

export interface JudgeRequest {
  readonly flags: CheckerFlags;
  /** Steps, memory, threads and time for the check. */
  readonly budget: CheckContext;
  /** Whether to judge while reading, where the checker can. */
  readonly stream: boolean;
  readonly signal: AbortSignal;
  readonly progress: CheckProgress;
}

export interface Judged {
  readonly chosen: ChosenChecker | null;
  readonly verdict: Verdict;
  /** Invocations of clients. */
  readonly operations: number;
  readonly notes: readonly string[];
}

/** A stream is judged as what its beginning looks like; a history in memory is looked at whole. */
const enoughToGuess = 100_000;

/** Reads a history and judges it. Nothing but unreadable input and bad flags throws. */
export async function judgeHistory(history: OpenedHistory, request: JudgeRequest): Promise<Judged> {
  if (request.stream) {
    const beginning = firstOf(history.events(), enoughToGuess);
    const chosen = chooseChecker(request.flags, beginning, aboutOf(history));
    if (chosen.checker.stream !== undefined) return judgeStream(history, chosen, request);
  }
  return judgeWhole(history, request);
}

function aboutOf({ name, format }: OpenedHistory) {
  return { name, format, more: { logs: () => logsBeside(name) } };
}

async function judgeWhole(history: OpenedHistory, request: JudgeRequest): Promise<Judged> {
  const notes: string[] = [];
  const events: HistoryEvent[] = [];
  let operations = 0;
  const visit = await visitEvents(
    history.events((note) => void notes.push(note)),
    watchOf(history, request),
    (event) => {
      events.push(event);
      if (!isFaultEvent(event) && event.phase === 'invoke') operations++;
      return true;
    },
  );
  if (visit.stopped !== null) {
    const verdict = unknown(
      `${reasonOf(visit.stopped)} at event ${count(visit.count)}, while reading`,
    );
    return { chosen: null, verdict, operations, notes };
  }
  if (operations === 0) return { chosen: null, verdict: nothingToJudge, operations, notes };
  const chosen = chooseChecker(request.flags, events, aboutOf(history));
  if (request.stream) {
    const whole = chosen.names.filter((name) => checkers[name]?.create().stream === undefined);
    notes.push(
      `${whole.join(', ')} can judge whole histories only, so --stream kept all of it in memory`,
    );
  }
  const verdict = await check(chosen.checker, events, {
    ...request.budget,
    signal: request.signal,
    onProgress: (share) => request.progress.judging(history.name, share),
  });
  return { chosen, verdict, operations, notes: [...chosen.notes, ...notes] };
}

async function check(
  checker: Checker,
  events: readonly HistoryEvent[],
  context: CheckContext,
): Promise<Verdict> {
  try {
    return await checker.check(historyOf(events), context);
  } catch (error) {
    return failed(checker, error);
  }
}

/** What a checker throws says something about the input or the checker, and nothing of the system. */
function safely<Answer>(checker: Checker, ask: () => Answer): Answer | Verdict {
  try {
    return ask();
  } catch (error) {
    return failed(checker, error);
  }
}

function failed({ name }: Checker, error: unknown): Verdict {
  return unknown(`the checker ${name} itself failed: ${messageOf(error)}`, name);
}

/** The memory is the checker's alone: no event is kept here. */
async function judgeStream(
  history: OpenedHistory,
  chosen: ChosenChecker,
  request: JudgeRequest,
): Promise<Judged> {
  const notes: string[] = [];
  const { timeoutMs, ...budget } = request.budget;
  const late = timeoutMs === undefined ? [] : [AbortSignal.timeout(timeoutMs)];
  const signal = AbortSignal.any([request.signal, ...late]);
  const stream = chosen.checker.stream?.({ ...budget, signal });
  if (stream === undefined) throw new Error(`expected ${chosen.checker.name} to stream`);
  const found: Verdict[] = [];
  let operations = 0;
  const visit = await visitEvents(
    history.events((note) => void notes.push(note)),
    watchOf(history, { ...request, signal }),
    (event) => {
      if (!isFaultEvent(event) && event.phase === 'invoke') operations++;
      const end = safely(chosen.checker, () => stream.next(event));
      if (end !== null) found.push(end);
      return end === null;
    },
  );
  const [
    end = endOf(
      safely(chosen.checker, () => stream.end()),
      visit,
    ),
  ] = found;
  const isConvicted = end.valid === 'invalid' && visit.stopped === 'by its visitor';
  const conviction = { verdict: end, events: visit.count };
  const verdict = isConvicted
    ? await retell(conviction, chosen, history, { ...budget, signal })
    : operations === 0
      ? nothingToJudge
      : end;
  return { chosen, verdict, operations, notes: [...chosen.notes, ...notes] };
}

/** What broke the history's beginning broke the history; that nothing did says nothing of the rest. */
function endOf(verdict: Verdict, { stopped, count: events }: Visit): Verdict {
  if (stopped === null || verdict.valid === 'invalid') return verdict;
  const soFar = verdict.valid === 'valid' ? 'no violation up to there' : verdict.summary;
  const summary = `${reasonOf(stopped)} at event ${count(events)}: ${soFar}`;
  return { ...verdict, valid: 'unknown', summary };
}

function reasonOf(stopped: Stopped): string {
  return stopped === 'for want of memory'
    ? 'stopped because the memory that Node.js may use was full (NODE_OPTIONS=--max-old-space-size=MB gives it more)'
    : 'stopped';
}

const nothingToJudge: Verdict = unknown('it holds no operation, so there was nothing to judge');

function unknown(summary: string, checker = 'check'): Verdict {
  return { checker, valid: 'unknown', summary };
}

function watchOf(
  { name, bytes, bytesRead }: OpenedHistory,
  { signal, progress }: Pick<JudgeRequest, 'signal' | 'progress'>,
) {
  return {
    signal,
    onEvents: (events: number) =>
      progress.reading(name, bytes === 0 ? 1 : bytesRead() / bytes, events),
  };
}
