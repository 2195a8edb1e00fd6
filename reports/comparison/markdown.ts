import { cell, table } from '../markup/markdown-text.ts';
import type { Comparison, ComparedFigure } from './comparison.ts';
import { roundsText } from './text.ts';
import { estimateText, figureText, gateSigns, intervalText, verdictSigns } from './words.ts';

/** Rows of a comment; what differs comes first, so that nothing that matters is left out. */
const mostRows = 40;

/** A comparison in Markdown, for job summaries and review comments. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { things, gates, warnings, basis, reason, exitCode } = comparison;
  const [baseline, ...candidates] = things;
  const sign = exitCode === 0 ? '✅' : exitCode === 2 ? '❔' : '❌';
  const parts = [
    `## ${sign} ${cell(reason, 500)}`,
    `Baseline ${cell(baseline?.label ?? '')} against ${candidates.map(({ label }) => cell(label)).join(', ')}.`,
    table(
      ['gate', 'outcome', 'because'],
      gates.map((gate) => [
        gate.text,
        gateSigns[gate.outcome],
        gate.reasons.slice(0, 3).join('; '),
      ]),
    ),
    ...rowTables(comparison),
    ...(warnings.length === 0
      ? []
      : [
          warnings
            .slice(0, 20)
            .map((each) => `- ${cell(each, 500)}`)
            .join('\n'),
        ]),
    `${cell(basis, 1000)} All intervals together hold with ${Math.round(100 * comparison.confidence)} % confidence.`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function rowTables({ rows, things }: Comparison): readonly string[] {
  const shown = rows.filter(({ verdict }) => verdict === 'better' || verdict === 'worse');
  const others = rows.filter((row) => !shown.includes(row));
  const named = things.length > 2;
  const all = rowTable(others.slice(0, mostRows), named);
  const rest = others.length - mostRows;
  const left = rest > 0 ? `\n\n…and ${rest} more without a difference.` : '';
  return [
    rowTable(shown.slice(0, 2 * mostRows), named),
    all === ''
      ? ''
      : shown.length === 0
        ? `${all}${left}`
        : `<details><summary>${others.length} without a difference</summary>\n\n${all}${left}\n\n</details>`,
  ];
}

function rowTable(rows: readonly ComparedFigure[], named: boolean): string {
  return table(
    [
      ...(named ? ['against'] : []),
      ...['measured', 'figure', 'before', 'after', 'change', 'interval', 'rounds', 'verdict'],
    ],
    rows.map((row) => [
      ...(named ? [row.thing] : []),
      row.cell === '' ? 'the run' : row.cell,
      row.figure,
      figureText(row.baseline, row.unit),
      figureText(row.candidate, row.unit),
      estimateText(row.change),
      intervalText(row.change),
      roundsText(row),
      verdictSigns[row.verdict],
    ]),
  );
}
