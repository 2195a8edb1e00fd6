import { historyOf } from '../../core/history.ts';
import type { Validity, Verdict } from '../../core/verdict.ts';
import { linearizable } from '../../checkers/linearizability/index.ts';
import { operationsFrom } from '../../checkers/linearizability/operations.ts';
import { createUniqueRegister } from '../../checkers/linearizability/monitors/unique-register.ts';
import { modelNamed } from '../../checkers/models/index.ts';
import type { Columns } from '../journal/columns.ts';
import { eventsAt } from './events.ts';
import { placesByKey } from './places.ts';
import { timedAt } from './timed.ts';

/** Whether the answers of a round were right, and why, in a sentence. */
export interface RoundVerdict {
  readonly valid: Validity;
  readonly reason: string;
}

const model = modelNamed('register');

/** After so many operations others get a turn: Ctrl-C, timers. */
const turn = 50_000;

/**
 * Judges every key by itself, which is enough (Herlihy and Wing 1990, theorem 1), and one after the
 * other, so that at any time only one key's operations are in memory as objects. All values are
 * different, so the monitor for such registers decides each key in O(n log n); the general checker
 * comes in for what it does not decide, and for the words against a system that failed.
 */
export async function judgeColumns(columns: Columns, signal?: AbortSignal): Promise<RoundVerdict> {
  const keys = placesByKey(columns);
  let operations = 0;
  let sincePause = 0;
  let doubtful: Verdict | null = null;
  for (const [judged, places] of keys.entries()) {
    if (signal?.aborted === true) {
      return { valid: 'unknown', reason: `judging was broken off after ${judged} keys` };
    }
    operations += places.length;
    sincePause += places.length;
    if (sincePause > turn) {
      sincePause = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
    const timed = operationsFrom(timedAt(columns, places));
    if (createUniqueRegister(model, timed)?.run(Infinity) === 'valid') continue;
    const verdict = await linearizable(model).check(historyOf([...eventsAt(columns, places)]));
    if (verdict.valid === 'invalid') return { valid: 'invalid', reason: verdict.summary };
    if (verdict.valid === 'unknown') doubtful ??= verdict;
  }
  if (doubtful !== null) return { valid: 'unknown', reason: doubtful.summary };
  const count = (number: number): string => number.toLocaleString('en-US');
  return {
    valid: 'valid',
    reason: `${count(operations)} operations on ${count(keys.length)} keys are linearizable`,
  };
}
