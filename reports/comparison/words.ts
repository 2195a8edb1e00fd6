import { digits, duration } from '../figures.ts';
import { shorten } from '../markup/visible.ts';
import type { Change, ComparedFigure, FigureUnit } from './comparison.ts';

/** A figure's mean, with its unit. */
export function figureText(value: number | null, unit: FigureUnit): string {
  if (value === null) return '–';
  switch (unit) {
    case 'ms':
      return duration(value);
    case '/s':
      return `${digits(value)}/s`;
    case '%':
      return `${digits(value)} %`;
    case 'B':
      return `${digits(value)} B`;
    case '':
      return digits(value);
  }
}

/** `+4.2 %`, with a sign that is always there; `open` where the rounds leave the bound open. */
function signed(value: number | null, suffix: string): string {
  if (value === null) return 'open';
  const rounded = Math.abs(value) >= 9.95 ? value.toFixed(0) : value.toFixed(1);
  const sign = Number(rounded) === 0 ? '±' : Number(rounded) > 0 ? '+' : '−';
  return `${sign}${rounded.replace(/^-/u, '')}${suffix}`;
}

export function estimateText(change: Change | null): string {
  if (change === null) return '–';
  return signed(change.estimate, change.kind === 'percent' ? ' %' : '');
}

/** `−2.1 … +3.4 %` */
export function intervalText(change: Change | null): string {
  if (change === null) return '–';
  const { kind, low, high } = change;
  if (kind === 'percent' && low !== null && low > mostPercent) return `over +${mostPercent} %`;
  if (kind === 'percent' && high !== null && high > mostPercent) {
    return `${signed(low, '')} … over +${mostPercent} %`;
  }
  return `${signed(low, '')} … ${signed(high, kind === 'percent' ? ' %' : '')}`;
}

/** Beyond this a bound says only that the rounds leave everything open. */
const mostPercent = 999;

/** `p99 of raft n3 c64: 12 ms → 15 ms, +25 % (+18 … +33 %)` */
export function changeText(row: ComparedFigure): string {
  const where = shorten(row.cell === '' ? row.thing : row.cell, 120);
  const values = `${figureText(row.baseline, row.unit)} → ${figureText(row.candidate, row.unit)}`;
  return `${row.figure} of ${where}: ${values}, ${estimateText(row.change)} (${intervalText(row.change)})`;
}

/** Signs, so that colour alone carries nothing. */
export const verdictSigns = {
  better: '▲ better',
  worse: '▼ worse',
  'no difference shown': '· no difference shown',
  untold: '? too few rounds',
} as const;

export const gateSigns = {
  met: '✓ met',
  missed: '✗ missed',
  'not shown': '✓ beyond the limit, but not shown',
  'nothing to judge': '? nothing to judge',
} as const;
