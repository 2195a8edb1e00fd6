/** Rewritten every second while a benchmark goes on, and gone when it ends: by it others know that it lives. */
export const benchProgressFile = 'progress.json';

/** Older than this it is of a benchmark that was killed. */
export const benchQuietMs = 30_000;

/** Where a benchmark stands. */
export interface BenchStanding {
  readonly schema: 1;
  readonly startedAt: string;
  /** Rounds that have ended, whether they could be measured or not. */
  readonly done: number;
  /** How many there are to be; a search for a rate may need fewer. */
  readonly rounds: number;
  /** What is under way: `raft n3 c64 r0.5 v16`. */
  readonly cell: string;
  /** `starting`, `loading`, `measuring`, `judging`. */
  readonly stage: string;
  /** Operations of the round under way. */
  readonly ok: number;
  readonly errors: number;
  readonly leftMs: number;
}
