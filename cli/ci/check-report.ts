import type { Validity } from '../../core/verdict.ts';
import { count } from '../../reports/figures.ts';
import { type JunitCase, type JunitTrouble, junitDocument } from '../../reports/junit-document.ts';
import { cell, table } from '../../reports/markup/markdown-text.ts';
import type { CheckedFile } from '../check/verdict-text.ts';
import { evidenceLines } from '../check/evidence-lines.ts';

/** What `dtest check` came to, for files of build servers. */
export interface CheckReport {
  readonly valid: Validity;
  readonly startedAt: string;
  readonly files: readonly CheckedFile[];
  readonly unreadable: readonly { readonly file: string; readonly error: string }[];
}

const signs = { valid: '✅ valid', invalid: '❌ invalid', unknown: '❔ unknown' } as const;

/** Histories of a comment; the worst come first. */
const mostFiles = 50;

export function checkMarkdown({ valid, files, unreadable }: CheckReport): string {
  const rank = { invalid: 0, unknown: 1, valid: 2 } as const;
  const ordered = [...files].sort(
    (one, other) => rank[one.verdict.valid] - rank[other.verdict.valid],
  );
  const rest = ordered.length - mostFiles;
  const parts = [
    `## ${signs[valid]}: ${count(files.length + unreadable.length)} histories`,
    table(
      ['history', 'verdict', 'because', 'operations', 'checked by'],
      [
        ...unreadable.map(({ file, error }) => [file, '❌ unreadable', error, '', '']),
        ...ordered
          .slice(0, mostFiles)
          .map(({ file, verdict, operations, checkers, model }) => [
            file,
            signs[verdict.valid],
            verdict.summary,
            count(operations),
            [checkers.join(', '), ...(model === null ? [] : [`as ${model}`])].join(' '),
          ]),
      ],
    ),
    rest > 0 ? cell(`…and ${count(rest)} more`) : '',
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** A case for every history. */
export function checkJunit({ startedAt, files, unreadable }: CheckReport): string {
  return junitDocument({
    ...{ suite: 'dtest check', className: 'dtest.check', startedAt },
    seconds: files.reduce((sum, { tookMs }) => sum + tookMs / 1000, 0),
    cases: [
      ...files.map((each): JunitCase => ({ name: each.file, trouble: troubleOf(each) })),
      ...unreadable.map(({ file, error }): JunitCase => ({
        name: file,
        trouble: { kind: 'error', type: 'unreadable', message: error, text: '' },
      })),
    ],
    output: '',
  });
}

/** A history about which nothing is known fails its case too: a build must not be green on it. */
function troubleOf({ verdict }: CheckedFile): JunitTrouble | null {
  if (verdict.valid === 'valid') return null;
  const text = evidenceLines(verdict).join('\n');
  return { kind: 'failure', type: verdict.valid, message: verdict.summary, text };
}
