import { median } from '../statistics.ts';
import type { ShrunkBug } from './shrink-bug.ts';

/** Every bug that was shrunk, the largest rest last, under a line with the medians. */
export function shrinkTable(bugs: readonly ShrunkBug[], effort: string): string {
  const middle = (of: (bug: ShrunkBug) => number): string =>
    bugs.length === 0 ? '–' : String(Math.round(median(bugs.map(of))));
  const small = bugs.filter(({ after }) => after.operations <= 15 && after.faults <= 3);
  const rows = bugs
    .toSorted((one, other) => one.after.operations - other.after.operations)
    .map(({ hunt, seed, signature, before, after, runs, seconds, isMinimal }) => [
      ...[`${hunt.system} ${hunt.bug ?? ''}`, String(seed), signature],
      ...[`${before.operations} → ${after.operations}`, `${before.faults} → ${after.faults}`],
      ...[`${before.nodes} → ${after.nodes}`, `${runs}${isMinimal ? '' : '+'}`],
      `${seconds.toFixed(1)} s`,
    ]);
  return [
    `The first conviction of each of ${bugs.length} planted bugs, shrunk with at most ${effort}: the median is ${middle(({ after }) => after.operations)} operations (of ${middle(({ before }) => before.operations)}) and ${middle(({ after }) => after.faults)} faults (of ${middle(({ before }) => before.faults)}); ${small.length} are down to 15 operations and 3 faults or fewer. A \`+\` marks those whose effort was spent before it was known that nothing more could go.`,
    '',
    row(['bug', 'seed', 'fails by', 'operations', 'faults', 'nodes', 'runs', 'CPU']),
    row(Array.from({ length: 8 }, () => '---')),
    ...rows.map(row),
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
