import { parseDuration } from '../durations.ts';
import { UsageError } from '../failure.ts';

/** How much may be spent on making a failure smaller. Runs repeat; seconds do not. */
export interface Budget {
  isSpent(): boolean;
  /** Counts a run. */
  spend(): void;
  readonly runs: () => number;
}

/** `1000` is a number of runs, `60s` a time. */
export function budgetOf(text: string): Budget {
  let runs = 0;
  const most = mostOf(text);
  const endMs = 'timeMs' in most ? performance.now() + most.timeMs : Infinity;
  const mostRuns = 'runs' in most ? most.runs : Infinity;
  return {
    isSpent: () => runs >= mostRuns || performance.now() >= endMs,
    spend() {
      runs++;
    },
    runs: () => runs,
  };
}

function mostOf(text: string): { readonly runs: number } | { readonly timeMs: number } {
  if (/^[1-9]\d{0,8}$/.test(text.trim())) return { runs: Number(text) };
  try {
    return { timeMs: parseDuration(text, '--budget') };
  } catch {
    throw new UsageError(
      `expected --budget to be a number of runs such as 1000, or a time such as 60s, got "${text}"`,
    );
  }
}
