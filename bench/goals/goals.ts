import { generatedRows, streamRow } from './generated-rows.ts';
import type { Published } from './published.ts';
import { corpusRow, logRows } from './published-rows.ts';
import type { Row } from './row.ts';

export const lastGoal = 20;

/** The rows of all goals, in their order. */
export function goalRows(logs: readonly Published[], corpus: readonly Published[]): readonly Row[] {
  const rows = [...logRows(logs), ...generatedRows(), streamRow(), corpusRow(corpus)];
  return rows.toSorted((one, other) => (one.goal ?? 0) - (other.goal ?? 0));
}

/** `1,5-9` as numbers in their order; throws on anything else, or on goals that there are not. */
export function parseGoals(text: string): readonly number[] {
  const goals = text.split(',').flatMap((part) => {
    const match = /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part);
    const low = Number(match?.[1]);
    const high = Number(match?.[2] ?? match?.[1]);
    if (match === null || low < 1 || high > lastGoal || low > high) {
      throw new Error(`expected goals from 1 to ${lastGoal} such as 1,5-9, got ${text}`);
    }
    return Array.from({ length: high - low + 1 }, (_, step) => low + step);
  });
  return [...new Set(goals)].sort((one, other) => one - other);
}
