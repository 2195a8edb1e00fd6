import { oneLine } from '../markup/one-line.ts';
import { shorten } from '../markup/visible.ts';
import { type Column, textTable } from '../text-table.ts';
import type { Comparison, ComparedFigure } from './comparison.ts';
import { estimateText, figureText, gateSigns, intervalText, verdictSigns } from './words.ts';

export interface ComparisonTextOptions {
  /** Whether to use terminal colours; never without being asked. */
  readonly color?: boolean;
}

const codes = { better: 32, worse: 31, 'no difference shown': 0, untold: 33 } as const;

/** A comparison for a terminal: what was shown first, the table, the gates, what it rests on. */
export function comparisonText(
  comparison: Comparison,
  { color = false }: ComparisonTextOptions = {},
): string {
  const { things, rows, gates, warnings, basis, reason } = comparison;
  const [baseline, ...candidates] = things;
  return [
    reason,
    '',
    `baseline  ${thingText(baseline)}`,
    ...candidates.map((each) => `against   ${thingText(each)}`),
    '',
    table(rows, { color, named: candidates.length > 1 }),
    ...(gates.length === 0 ? [] : ['']),
    ...gates.flatMap(({ text, outcome, reasons }) => [
      `gate  ${oneLine(text, 100)}  ${gateSigns[outcome]}`,
      ...reasons.slice(0, 10).map((each) => `        ${oneLine(each, 300)}`),
    ]),
    ...(warnings.length === 0 ? [] : ['']),
    ...warnings.slice(0, 20).map((each) => `note: ${oneLine(each, 500)}`),
    '',
    oneLine(basis, 1000),
    `All intervals together hold with ${Math.round(100 * comparison.confidence)} % confidence.`,
    ...(rows.some(isWide) ? [widthHint[comparison.kind]] : []),
  ].join('\n');
}

const widthHint = {
  benches:
    'Wide intervals: the rounds differ more than what is compared; more --rounds, or a calmer machine, narrow them.',
  runs: 'Wide intervals: what is compared differs less than its parts do; longer runs, or several joined by commas, narrow them.',
} as const;

function isWide({ change }: ComparedFigure): boolean {
  if (change?.kind !== 'percent') return false;
  return change.high === null || change.high > widePercent;
}

/** An interval up to three times as much tells hardly anything. */
const widePercent = 200;

function thingText(thing: Comparison['things'][number] | undefined): string {
  if (thing === undefined) return '';
  const runs = thing.paths.length > 1 ? `, ${thing.paths.length} runs` : '';
  return `${shorten(thing.label, 120)}  (${thing.valid}, ${thing.startedAt.slice(0, 16).replace('T', ' ')}${runs})`;
}

interface TableOptions {
  readonly color: boolean;
  readonly named: boolean;
}

function table(rows: readonly ComparedFigure[], { color, named }: TableOptions): string {
  if (rows.length === 0) return 'no figure is told by both';
  const celled = rows.some(({ cell }) => cell !== '');
  const columns: Column[] = [
    ...(named ? [{ title: 'against' }] : []),
    ...(celled ? [{ title: 'measured' }] : []),
    { title: 'figure' },
    ...['before', 'after', 'change', 'interval', 'rounds'].map((title) => ({ title, right: true })),
    { title: 'verdict' },
  ];
  const lines = textTable(
    columns,
    rows.map((row) => [
      ...(named ? [shorten(row.thing, 60)] : []),
      ...(celled ? [shorten(row.cell, 60)] : []),
      row.figure,
      figureText(row.baseline, row.unit),
      figureText(row.candidate, row.unit),
      estimateText(row.change),
      intervalText(row.change),
      roundsText(row),
      verdictSigns[row.verdict],
    ]),
  ).split('\n');
  if (!color) return lines.join('\n');
  return lines.map((line, at) => paint(line, rows[at - 1])).join('\n');
}

export function roundsText({ rounds: { baseline, candidate } }: ComparedFigure): string {
  return baseline === candidate ? String(baseline) : `${baseline}/${candidate}`;
}

/** Only the verdict, which ends the line. */
function paint(line: string, row: ComparedFigure | undefined): string {
  if (row === undefined || codes[row.verdict] === 0) return line;
  const sign = verdictSigns[row.verdict];
  const painted = `\u{1b}[1;${codes[row.verdict]}m${sign}\u{1b}[0m`;
  return line.endsWith(sign) ? `${line.slice(0, -sign.length)}${painted}` : line;
}
