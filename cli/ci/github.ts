import { appendFile, stat } from 'node:fs/promises';
import { clip } from '../../reports/markup/visible.ts';

/** Something that a build server should show beside the code. */
export interface Notice {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
}

export interface Told {
  readonly notices: readonly Notice[];
  /** Markdown for the job's page. */
  readonly summary: string;
}

/** GitHub shows no more of each level for a step. */
const mostNotices = 10;
/** What GitHub takes of a step's summary; of a longer one it shows nothing. */
export const summaryLimitBytes = 1024 * 1024;

interface GitHubEnvironment {
  readonly GITHUB_ACTIONS?: string | undefined;
  readonly GITHUB_STEP_SUMMARY?: string | undefined;
}

/**
 * Inside a GitHub workflow: annotations, and the job's summary. Elsewhere nothing. Annotations go to
 * standard error, which GitHub reads as well, so that `--json` stays JSON. That a summary could not be
 * written is said there too and changes no verdict.
 */
export async function tellGitHub(
  { notices, summary }: Told,
  environment: GitHubEnvironment = process.env,
  say: (line: string) => void = (line) => void process.stderr.write(`${line}\n`),
): Promise<void> {
  if (environment.GITHUB_ACTIONS !== 'true') return;
  for (const level of ['error', 'warning', 'notice'] as const) {
    const own = notices.filter((notice) => notice.level === level);
    for (const notice of own.slice(0, mostNotices)) say(commandOf(notice));
  }
  const path = environment.GITHUB_STEP_SUMMARY ?? '';
  if (path === '') return;
  try {
    const found = await stat(path).catch(() => null);
    const text = fitted(summary, summaryLimitBytes - (found?.size ?? 0));
    if (text !== '') await appendFile(path, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    say(commandOf({ level: 'warning', title: 'dtest', message: `no step summary: ${why}` }));
  }
}

/**
 * `::error file=…,line=…,title=…::message`. A value can end neither its property nor the command: that
 * is what the percent signs are for (GitHub's toolkit, `core/src/command.ts`).
 */
export function commandOf({ level, title, message, file, line }: Notice): string {
  const properties = [
    ...(file === undefined ? [] : [`file=${property(file)}`]),
    ...(file === undefined || line === undefined ? [] : [`line=${line}`]),
    `title=${property(clip(title, 200))}`,
  ];
  return `::${level} ${properties.join(',')}::${data(clip(message, 4000))}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

const cutNote = '\n\n…cut short here: a summary holds 1 MiB.\n';

/** The text with a line end, or as many of its lines as there is room for. */
export function fitted(text: string, roomBytes: number): string {
  const whole = text.endsWith('\n') ? text : `${text}\n`;
  if (Buffer.byteLength(whole) <= roomBytes) return whole;
  const room = roomBytes - Buffer.byteLength(cutNote);
  if (room <= 0) return '';
  const bytes = Buffer.from(whole).subarray(0, room);
  const end = bytes.lastIndexOf('\n');
  return end < 0 ? '' : `${bytes.subarray(0, end).toString('utf8')}${cutNote}`;
}
