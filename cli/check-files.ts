import { existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { HistoryFormat } from '../checkers/formats/format.ts';
import { type Guess, guessFormat, guessModel } from '../checkers/formats/guess.ts';
import { formats } from '../checkers/formats/index.ts';
import { linearizable } from '../checkers/linearizability/index.ts';
import { modelNamed, models } from '../checkers/models/index.ts';
import type { CheckContext } from '../core/checker.ts';
import { isFaultEvent } from '../core/event.ts';
import { type History, historyOf } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import { type Verdict, mergeValidity } from '../core/verdict.ts';
import { evidenceText } from '../reports/evidence-text.ts';
import { exitCodeOf } from '../runner/exit-codes.ts';
import { textChunks } from '../store/lines.ts';
import { historyFile } from '../store/run-folder.ts';
import { parseDuration } from './durations.ts';
import { UsageError } from './failure.ts';
import { lookUp } from './lookup.ts';
import type { CommandOutcome } from './run-once.ts';

export interface CheckFlags {
  readonly model: string | undefined;
  readonly format: string | undefined;
  readonly init: string | undefined;
  readonly failedCas: 'drop' | 'assert';
  readonly maxSteps: number | undefined;
  readonly timeout: string | undefined;
  readonly threads: number | undefined;
}

interface Checked {
  readonly file: string;
  readonly format: string;
  readonly model: string;
  readonly tookMs: number;
  readonly verdict: Verdict;
  readonly notes: readonly string[];
}

/** `dtest check`: each file by itself, all verdicts merged. */
export async function checkFiles(
  files: readonly string[],
  flags: CheckFlags,
): Promise<CommandOutcome> {
  const paths = files.map(historyPath);
  const results: Checked[] = [];
  for (const path of paths) results.push(await checkFile(path, flags));
  const valid = mergeValidity(results.map(({ verdict }) => verdict.valid));
  return {
    text: results.map(describe).join('\n'),
    json: { schema: 1, valid, files: results },
    exitCode: exitCodeOf(valid, true),
  };
}

/** A run's folder stands for its history. */
function historyPath(text: string): string {
  if (!existsSync(text)) throw new UsageError(`expected a history file, found nothing at ${text}`);
  if (!statSync(text).isDirectory()) return text;
  const inside = join(text, historyFile);
  if (existsSync(inside)) return inside;
  throw new UsageError(
    `expected a history file or a run's folder, but ${text} has no ${historyFile}`,
  );
}

async function checkFile(path: string, flags: CheckFlags): Promise<Checked> {
  const notes: string[] = [];
  const format = formatOf(path, flags);
  const history = load(path, format, notes);
  const model = flags.model ?? known(guessModel(history.events()), path);
  lookUp('model', models, model);
  const init = flags.init === undefined ? {} : { init: parseInit(flags.init) };
  const checker = linearizable(modelNamed(model, init), { failedCas: flags.failedCas });
  // Nothing was promised, so nothing was broken; but somebody may have lost a history.
  if (isEmpty(history)) notes.push('it holds no operation, so there was nothing to judge');
  const startMs = performance.now();
  const verdict = await checker.check(history, contextOf(flags));
  const tookMs = Math.round(performance.now() - startMs);
  return { file: path, format: format.name, model, tookMs, verdict, notes };
}

function isEmpty(history: History): boolean {
  for (const event of history.events()) if (!isFaultEvent(event)) return false;
  return true;
}

function formatOf(path: string, flags: CheckFlags): HistoryFormat {
  const beginning = firstOf(textChunks(path));
  const name = flags.format ?? known(guessFormat(path, beginning), path);
  return lookUp('format', formats, name);
}

function firstOf(chunks: Iterable<string>): string {
  for (const chunk of chunks) return chunk;
  return '';
}

function load(path: string, format: HistoryFormat, notes: string[]): History {
  const onTorn = (message: string): void => void notes.push(message);
  return historyOf([...format.read(textChunks(path), { file: path, onTorn })]);
}

function known(guess: Guess, path: string): string {
  if (guess.kind === 'known') return guess.name;
  throw new UsageError(`${path}: ${guess.reason}`);
}

function parseInit(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new UsageError(`expected --init as JSON, such as 0, null or '"a"', got ${text}`);
  }
}

function contextOf(flags: CheckFlags): CheckContext {
  const { maxSteps, timeout, threads } = flags;
  return {
    threads: threads ?? availableParallelism(),
    ...(maxSteps === undefined ? {} : { maxSteps }),
    ...(timeout === undefined ? {} : { timeoutMs: parseDuration(timeout, '--timeout') }),
  };
}

function describe({ file, model, format, tookMs, verdict, notes }: Checked): string {
  const lines = [
    `${verdict.valid.toUpperCase()} ${file} (${model}, ${format}, ${tookMs} ms): ${verdict.summary}`,
    ...notes.map((note) => `  note: ${note}`),
  ];
  if (verdict.valid === 'invalid') lines.push(evidenceText(verdict));
  return lines.join('\n');
}
