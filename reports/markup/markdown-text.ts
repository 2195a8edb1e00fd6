import { clip, visible } from './visible.ts';

/** Nothing where there are no rows. Columns of our own markup are named; all others are data. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  trusted: ReadonlySet<number> = new Set(),
): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) =>
    line(row.map((each, at) => (trusted.has(at) ? each : cell(each)))),
  );
  return [line(head), line(head.map(() => '---')), ...body].join('\n');
}

/** A value as text alone: no markup, no link, no cell border, no line break. */
export function cell(text: string, limit = 300): string {
  return visible(clip(text, limit))
    .replace(/\s+/gu, ' ')
    .replace(/[\\`*_{}[\]()#+!|~&<>]|:(?=\/\/)/gu, (found) => `&#${String(found.charCodeAt(0))};`);
}

/** A block that its content cannot end. */
export function fenced(text: string): string {
  const shown = visible(clip(text, 4000));
  const longest = Math.max(2, ...[...shown.matchAll(/`+/gu)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${shown}\n${fence}`;
}
