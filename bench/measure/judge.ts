import { checkers } from '../../checkers/index.ts';
import { formatNamed } from '../../checkers/formats/index.ts';
import type { CheckContext, Checker } from '../../core/checker.ts';
import { type History, historyOf } from '../../core/history.ts';
import type { Verdict } from '../../core/verdict.ts';
import { textChunks } from '../../store/lines.ts';
import type {
  JudgeAssignment,
  Limits,
  Measurement,
  Question,
  Result,
  Subject,
} from './assignment.ts';
import { collectGarbage, watchPeakMemory } from './memory.ts';

interface Loaded {
  readonly history: History;
  readonly checker: Checker;
}

/**
 * Judges files in this process. What is measured is `check` alone: loading is over by then, and nobody
 * looks at the evidence before the last pass is. Between passes nothing is collected, for that would throw
 * away compiled code too.
 */
export async function judge(assignment: JudgeAssignment): Promise<Measurement> {
  const { subjects, passes, limits } = assignment;
  const loaded = subjects.map(load);
  const context = contextOf(limits);
  collectGarbage();
  for (let early = 1; early < passes; early++) await judgeAll(loaded, context);
  const memory = watchPeakMemory();
  const startMs = performance.now();
  const start = process.cpuUsage();
  const verdicts = await judgeAll(loaded, context);
  const cpuMs = millisecondsSince(start);
  const wallMs = performance.now() - startMs;
  const peakMb = memory.aboveMb();
  const evidenceStart = process.cpuUsage();
  const results = verdicts.map(resultOf);
  return { cpuMs, wallMs, peakMb, evidenceMs: millisecondsSince(evidenceStart), results };
}

export function checkerFor({ checker, options }: Question): Checker {
  const entry = Object.hasOwn(checkers, checker) ? checkers[checker] : undefined;
  if (entry !== undefined) return entry.create(options);
  throw new Error(`expected a checker, one of ${Object.keys(checkers).join(', ')}; got ${checker}`);
}

export function contextOf({ threads, maxSteps }: Limits): CheckContext {
  return { threads, ...(maxSteps === null ? {} : { maxSteps }) };
}

export function millisecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

export function resultOf({ valid, summary, details }: Verdict): Result {
  const steps = details?.steps;
  return {
    valid,
    steps: typeof steps === 'number' ? steps : null,
    algorithm: algorithmOf(details?.algorithms ?? details?.algorithm),
    summary,
  };
}

function load(subject: Subject): Loaded {
  const { file, format } = subject;
  const events = [...formatNamed(format).read(textChunks(file), { file })];
  return { history: historyOf(events), checker: checkerFor(subject) };
}

async function judgeAll(loaded: readonly Loaded[], context: CheckContext): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const { checker, history } of loaded) {
    verdicts.push(await checker.check(history, context));
  }
  return verdicts;
}

/** One name, a list of names, or how many parts each name decided. */
function algorithmOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value !== 'object' || value === null) return null;
  return Object.keys(value).join(', ') || null;
}
