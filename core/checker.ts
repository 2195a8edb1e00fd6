import type { HistoryEvent } from './event.ts';
import type { History } from './history.ts';
import type { Verdict } from './verdict.ts';

/** What a checker may use of its surroundings; everything has a default in the checker itself. */
export interface CheckContext {
  /** Steps of search after which a checker gives up with `unknown`. Steps repeat; seconds do not. */
  readonly maxSteps?: number;
  /** Megabytes that a search may fill beside the history, about; after that it gives up with `unknown`. */
  readonly maxMemoryMb?: number;
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
  /** Judges a history while it grows; absent where only the whole can be judged. */
  stream?(context?: CheckContext): CheckStream;
}

/**
 * A check under way. It says what `check` would say of the same events, or `unknown`. Its memory grows
 * with what is open and with the state of the objects, not with the number of events.
 */
export interface CheckStream {
  /** Takes the next event. Returns an `invalid` verdict once no continuation could be valid, else null. */
  next(event: HistoryEvent): Verdict | null;
  /** The verdict on all that came; nothing is taken after it. */
  end(): Verdict;
}
