import { availableParallelism } from 'node:os';
import { BadInput } from '../checkers/formats/bad-input.ts';
import { formats } from '../checkers/formats/index.ts';
import { NotKeyed } from '../checkers/formats/keyed.ts';
import { checkers } from '../checkers/index.ts';
import type { CheckContext } from '../core/checker.ts';
import { mergeValidity } from '../core/verdict.ts';
import { exitCodeOf, exitCodes } from '../runner/exit-codes.ts';
import { NotText } from '../store/lines.ts';
import { type CheckReport, checkJunit, checkMarkdown } from './ci/check-report.ts';
import { tellGitHub } from './ci/github.ts';
import { checkNotices } from './ci/notices.ts';
import { refuseFolders, writeFiles } from './ci/output-files.ts';
import { type CheckProgress, checkProgress } from './check/check-progress.ts';
import { type CheckerFlags, optionValue } from './check/choose-checker.ts';
import { openSource } from './check/history-source.ts';
import { judgeHistory } from './check/judge-history.ts';
import { type ReadingFlags, openHistory } from './check/opened-history.ts';
import { type CheckedFile, fileText, totalText } from './check/verdict-text.ts';
import { parseDuration } from './durations.ts';
import { UsageError, messageOf } from './failure.ts';
import { interruptible } from './interrupt.ts';
import { loadModel } from './load-model.ts';
import { lookUp } from './lookup.ts';
import type { CommandOutcome } from './run-once.ts';

export interface CheckFlags extends Omit<CheckerFlags, 'model'>, ReadingFlags {
  /** A model's name, or a file with one. */
  readonly model: string | undefined;
  readonly maxSteps: number | undefined;
  readonly maxMemory: string | undefined;
  readonly timeout: string | undefined;
  readonly threads: number | undefined;
  readonly stream: boolean;
  readonly junit?: string | undefined;
  readonly markdown?: string | undefined;
  readonly quiet: boolean;
  /** Whether results are printed as JSON, which nothing on the terminal is to disturb. */
  readonly json: boolean;
}

/** A larger file is judged while it is read, where the checker can. */
const streamedBytes = 256 * 1024 * 1024;

/** A file that came to no verdict, because it cannot be read. */
interface UnreadableFile {
  readonly file: string;
  readonly error: string;
}

/**
 * `dtest check`: each file by itself, all verdicts merged. A file that cannot be read throws where it is
 * the only one; among several, the others are judged all the same, and the exit code tells of it.
 */
export async function checkFiles(
  words: readonly string[],
  flags: CheckFlags,
): Promise<CommandOutcome> {
  refuseBadFlags(flags);
  await refuseFolders({ junit: flags.junit, markdown: flags.markdown });
  const startedAt = new Date().toISOString();
  const budget = budgetOf(flags);
  const model = flags.model === undefined ? undefined : await loadModel(flags.model);
  using progress = await checkProgress({ quiet: flags.quiet || flags.json });
  using interrupt = interruptible(() =>
    progress.note('ending with what is known so far; press Ctrl-C again to stop at once'),
  );
  const surroundings = { budget, progress, signal: interrupt.signal };
  const files: (CheckedFile | UnreadableFile)[] = [];
  for (const word of words) {
    if (interrupt.signal.aborted) break;
    try {
      files.push(await checkFile(word, { ...flags, model }, surroundings));
    } catch (error) {
      if (words.length === 1 || !isAboutFile(error)) throw error;
      files.push({ file: word, error: messageOf(error) });
    }
  }
  const outcome = outcomeOf(words, files, flags);
  await tellBuildServer({ ...outcome.json, startedAt }, flags);
  return outcome;
}

/** The files that were asked for, and what GitHub shows. */
async function tellBuildServer(
  report: CheckReport,
  { junit, markdown }: Pick<CheckFlags, 'junit' | 'markdown'>,
): Promise<void> {
  const summary = checkMarkdown(report);
  await writeFiles([
    [junit, () => checkJunit(report)],
    [markdown, () => summary],
  ]);
  await tellGitHub({ notices: checkNotices(report.files, report.unreadable), summary });
}

/** What `--json` prints (docs/schema/check.json). */
interface CheckJson extends Omit<CheckReport, 'startedAt'> {
  readonly schema: 1;
}

function outcomeOf(
  words: readonly string[],
  files: readonly (CheckedFile | UnreadableFile)[],
  flags: CheckFlags,
): CommandOutcome & { readonly json: CheckJson } {
  const judged = files.filter((file) => 'verdict' in file);
  const unreadable = files.filter((file) => 'error' in file);
  const verdicts = judged.map(({ verdict }) => verdict.valid);
  const ends = [
    ...files.map((file) => ('verdict' in file ? file.verdict.valid : 'unreadable')),
    ...words.slice(files.length).map(() => 'not looked at' as const),
  ];
  const valid = mergeValidity(judged.length < words.length ? [...verdicts, 'unknown'] : verdicts);
  const text = files.map((file) =>
    'verdict' in file ? fileText(file, flags) : unreadableText(file),
  );
  const total = words.length > 1 ? [totalText(ends)] : [];
  return {
    text: [...text, ...total].join(flags.quiet ? '\n' : '\n\n'),
    json: { schema: 1, valid, files: judged, unreadable },
    exitCode: unreadable.length > 0 ? exitCodes.badInput : exitCodeOf(valid, true),
  };
}

/** Most messages name the file, and the line in it, themselves. */
function unreadableText({ file, error }: UnreadableFile): string {
  return `UNREADABLE ${error.startsWith(file) ? '' : `${file}: `}${error}`;
}

function isAboutFile(error: unknown): boolean {
  return [UsageError, BadInput, NotKeyed, NotText].some((kind) => error instanceof kind);
}

/** What is wrong with the command line is wrong for every file, and is said before any is read. */
function refuseBadFlags(flags: CheckFlags): void {
  for (const name of flags.checkers) lookUp('checker', checkers, name);
  if (flags.format !== undefined) lookUp('format', formats, flags.format);
  for (const [name, text] of Object.entries(flags.options)) optionValue(name, text);
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
