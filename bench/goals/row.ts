import type { HistoryOptions } from '../histories/history-options.ts';
import type { Question, Subject } from '../measure/assignment.ts';

/** One line of the table: some histories, how they are judged, and what is expected of it. */
export interface Row {
  /** Counts from 1, as in the list of goals; null for a file that belongs to none. */
  readonly goal: number | null;
  readonly history: string;
  readonly work: Work;
  /** What must be reached, and what is aimed at. */
  readonly must: Limit | null;
  readonly aim: Limit | null;
  /** CPU time that Porcupine 1.3.0 took on the machine of the baseline; null where it gave up. */
  readonly baselineMs: number | null;
}

export type Work =
  /** All in one process, one after another, so many times over; the last time counts. */
  | { readonly kind: 'together'; readonly sources: readonly Source[]; readonly passes: number }
  /** Each in a process of its own; the slowest and the hungriest count. */
  | { readonly kind: 'each'; readonly sources: readonly Source[] }
  /** Judged while it is generated. */
  | { readonly kind: 'stream'; readonly history: HistoryOptions; readonly question: Question }
  /** Not here. */
  | { readonly kind: 'absent'; readonly reason: string };

/** Where a history comes from. */
export type Source =
  | { readonly kind: 'file'; readonly subject: Subject }
  | {
      readonly kind: 'generated';
      readonly history: HistoryOptions;
      readonly question: Question;
    };

/** What is not named is not limited. The verdict must be right in any case. */
export interface Limit {
  readonly cpuMs?: number;
  /** As a share of the other checker's CPU time. */
  readonly share?: number;
  readonly peakMb?: number;
}
