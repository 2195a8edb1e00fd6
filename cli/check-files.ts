import { availableParallelism } from 'node:os';
import type { CheckContext } from '../core/checker.ts';
import { mergeValidity } from '../core/verdict.ts';
import { exitCodeOf } from '../runner/exit-codes.ts';
import { type CheckProgress, checkProgress } from './check/check-progress.ts';
import type { CheckerFlags } from './check/choose-checker.ts';
import { openSource } from './check/history-source.ts';
import { judgeHistory } from './check/judge-history.ts';
import { type ReadingFlags, openHistory } from './check/opened-history.ts';
import { type CheckedFile, fileText, totalText } from './check/verdict-text.ts';
import { parseDuration } from './durations.ts';
import { UsageError } from './failure.ts';
import { interruptible } from './interrupt.ts';
import { loadModel } from './load-model.ts';
import type { CommandOutcome } from './run-once.ts';

export interface CheckFlags extends Omit<CheckerFlags, 'model'>, ReadingFlags {
  /** A model's name, or a file with one. */
  readonly model: string | undefined;
  readonly maxSteps: number | undefined;
  readonly maxMemory: string | undefined;
  readonly timeout: string | undefined;
  readonly threads: number | undefined;
  readonly stream: boolean;
  readonly quiet: boolean;
  /** Whether results are printed as JSON, which nothing on the terminal is to disturb. */
  readonly json: boolean;
}

/** A larger file is judged while it is read, where the checker can. */
const streamedBytes = 256 * 1024 * 1024;

/** `dtest check`: each file by itself, all verdicts merged. */
export async function checkFiles(
  words: readonly string[],
  flags: CheckFlags,
): Promise<CommandOutcome> {
  const budget = budgetOf(flags);
  const model = flags.model === undefined ? undefined : await loadModel(flags.model);
  using progress = await checkProgress({ quiet: flags.quiet || flags.json });
  using interrupt = interruptible(() =>
    progress.note('ending with what is known so far; press Ctrl-C again to stop at once'),
  );
  const files: CheckedFile[] = [];
  for (const word of words) {
    if (interrupt.signal.aborted) break;
    files.push(
      await checkFile(word, { ...flags, model }, { budget, progress, signal: interrupt.signal }),
    );
  }
  const verdicts = files.map(({ verdict }) => verdict.valid);
  const left = words.length - files.length;
  const valid = mergeValidity(left > 0 ? [...verdicts, 'unknown'] : verdicts);
  const total = `${totalText(verdicts)}${left > 0 ? `; ${String(left)} not looked at` : ''}`;
  return {
    text: [
      ...files.map((file) => fileText(file, flags)),
      ...(words.length > 1 ? [flags.quiet ? total : `\n${total}`] : []),
    ].join('\n'),
    json: { schema: 1, valid, files },
    exitCode: exitCodeOf(valid, true),
  };
}

interface Surroundings {
  readonly budget: CheckContext;
  readonly progress: CheckProgress;
  readonly signal: AbortSignal;
}

async function checkFile(
  word: string,
  flags: CheckerFlags & ReadingFlags & Pick<CheckFlags, 'stream'>,
  surroundings: Surroundings,
): Promise<CheckedFile> {
  await using source = await openSource(word);
  const history = openHistory(source, flags);
  const startMs = performance.now();
  const { chosen, verdict, operations, notes } = await judgeHistory(history, {
    ...surroundings,
    flags,
    stream: flags.stream || source.bytes > streamedBytes,
  });
  return {
    file: source.name,
    format: history.format,
    checkers: chosen?.names ?? [],
    model: chosen?.model ?? null,
    guessed: chosen?.guessed ?? false,
    operations,
    tookMs: Math.round(performance.now() - startMs),
    verdict,
    notes,
  };
}

function budgetOf({ maxSteps, maxMemory, timeout, threads }: CheckFlags): CheckContext {
  return {
    threads: threads ?? availableParallelism(),
    ...(maxSteps === undefined ? {} : { maxSteps }),
    ...(maxMemory === undefined ? {} : { maxMemoryMb: parseMegabytes(maxMemory) }),
    ...(timeout === undefined ? {} : { timeoutMs: parseDuration(timeout, '--timeout') }),
  };
}

/** `500MB`, `2GB`, `0.5 GB` in megabytes. */
function parseMegabytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(MB|GB)$/i.exec(text.trim());
  const megabytes = Number(match?.[1]) * (match?.[2]?.toUpperCase() === 'GB' ? 1000 : 1);
  if (megabytes > 0) return megabytes;
  throw new UsageError(`expected --max-memory as 500MB or 2GB, got "${text}"`);
}
