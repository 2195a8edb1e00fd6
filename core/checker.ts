import type { History } from './history.ts';
import type { Verdict } from './verdict.ts';

/** What a checker may use of its surroundings; everything has a default in the checker itself. */
export interface CheckContext {
  /** Steps of search after which a checker gives up with `unknown`. Steps repeat; seconds do not. */
  readonly maxSteps?: number;
  /** Wall-clock limit. A verdict that it decided says so. */
  readonly timeoutMs?: number;
  /** Worker threads to spread independent parts over; 0 or 1 means none. */
  readonly threads?: number;
  /** Ends the check early with `unknown`. */
  readonly signal?: AbortSignal;
  /** Called now and then with the share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Judges a whole history. It does no I/O and never changes the history. */
export interface Checker {
  readonly name: string;
  /** One sentence: what a `valid` from this checker promises. */
  readonly summary: string;
  check(history: History, context?: CheckContext): Promise<Verdict> | Verdict;
}
