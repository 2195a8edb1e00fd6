import type { Validity, Verdict } from '../../core/verdict.ts';
import { count, plural } from '../../reports/figures.ts';
import { evidenceLines } from './evidence-lines.ts';

/** What `--json` says of each file, and all that the text is made from. */
export interface CheckedFile {
  readonly file: string;
  readonly format: string;
  readonly checkers: readonly string[];
  /** Null where no checker has a model. */
  readonly model: string | null;
  readonly guessed: boolean;
  readonly operations: number;
  readonly tookMs: number;
  readonly verdict: Verdict;
  readonly notes: readonly string[];
}

/** One file for a person: verdict and reason, how it was judged, the evidence, and what to do next. */
export function fileText(checked: CheckedFile, { quiet }: { readonly quiet: boolean }): string {
  const { file, verdict, notes } = checked;
  const title = `${verdict.valid.toUpperCase()} ${file}: ${verdict.summary}`;
  if (quiet) return title;
  const evidence = verdict.valid === 'invalid' ? evidenceLines(verdict) : [];
  return [
    title,
    `  ${how(checked)}`,
    ...notes.map((note) => `  note: ${note}`),
    ...(evidence.length === 0 ? [] : ['', ...evidence, '']),
    ...next(checked).map((line) => `  next: ${line}`),
  ].join('\n');
}

/** `linearizable as cas-register (guessed), 1,234 operations, jepsen-edn, 12 ms` */
function how({ checkers, model, guessed, operations, format, tookMs }: CheckedFile): string {
  const judged = checkers.join(' and ');
  const as = model === null ? judged : `${judged} as ${model}`;
  return [
    ...(checkers.length === 0 ? [] : [`${as}${guessed ? ' (guessed)' : ''}`]),
    plural(operations, 'operation'),
    format,
    `${count(tookMs)} ms`,
  ].join(', ');
}

function next({ file, verdict, operations, guessed, model }: CheckedFile): string[] {
  const word = quoted(file);
  const all = `dtest check ${word} --json shows all of the evidence`;
  const other =
    model === null
      ? '--checker NAME judges something else (dtest list checkers)'
      : '--model NAME and --init JSON judge it as something else (dtest list models)';
  if (verdict.valid === 'invalid') return guessed ? [all, other] : [all];
  if (verdict.valid === 'valid' || operations === 0) return [];
  return ['--max-steps, --max-memory and --timeout give a search more', other];
}

/** `3 files: 1 valid, 2 invalid`, for more than one. */
export function totalText(verdicts: readonly Validity[]): string {
  const parts = (['valid', 'invalid', 'unknown'] as const)
    .map((kind) => ({ kind, number: verdicts.filter((valid) => valid === kind).length }))
    .filter(({ number }) => number > 0)
    .map(({ kind, number }) => `${count(number)} ${kind}`);
  return `${plural(verdicts.length, 'file')}: ${parts.join(', ')}`;
}

/** Quoted for a POSIX shell where it needs to be. */
function quoted(text: string): string {
  return /^[\w.,:=/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
