import type { Validity, Verdict } from '../../core/verdict.ts';
import { count, plural } from '../../reports/figures.ts';
import { modelledCheckers } from '../check-flags.ts';
import { evidenceLines } from './evidence-lines.ts';
import { standardInput } from './history-source.ts';

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
  const [heading = '', ...others] = evidenceLines(verdict);
  // A single failure has the reason as its heading, which stands in the title already.
  const evidence = heading === '' || title.includes(heading) ? others : [heading, ...others];
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

function next({ file, verdict, operations, guessed, model, checkers }: CheckedFile): string[] {
  const command = file === standardInput ? '--json' : `dtest check ${quoted(file)} --json`;
  const all = `${command} shows all of the evidence`;
  const other =
    model === null
      ? '--checker NAME judges something else (dtest list checkers)'
      : '--model NAME and --init JSON judge it as something else (dtest list models)';
  if (verdict.valid === 'invalid') return guessed ? [all, other] : [all];
  if (verdict.valid === 'valid' || operations === 0) return [];
  const searched = checkers.some((name) => modelledCheckers.has(name));
  const gaveUp = searched && !/^(?:not checked|stopped)/.test(verdict.summary);
  return [...(gaveUp ? ['--max-steps, --max-memory and --timeout give a search more'] : []), other];
}

/** `3 files: 1 valid, 2 invalid`, for more than one. */
export function totalText(ends: readonly (Validity | 'unreadable' | 'not looked at')[]): string {
  const parts = (['valid', 'invalid', 'unknown', 'unreadable', 'not looked at'] as const)
    .map((kind) => ({ kind, number: ends.filter((end) => end === kind).length }))
    .filter(({ number }) => number > 0)
    .map(({ kind, number }) => `${count(number)} ${kind}`);
  return `${plural(ends.length, 'file')}: ${parts.join(', ')}`;
}

/** Quoted for a POSIX shell where it needs to be. */
function quoted(text: string): string {
  return /^[\w.,:=/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
