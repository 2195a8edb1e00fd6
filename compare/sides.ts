import type { Validity } from '../core/verdict.ts';

/** A figure in every round, by name; null in a round that does not tell. */
export type Rounds = Readonly<Record<string, readonly (number | null)[]>>;

/** One combination of conditions, measured several times. */
export interface Cell {
  /** As tables call it. */
  readonly name: string;
  /** The same for cells that may be compared with each other. */
  readonly key: string;
  readonly rounds: Rounds;
  /** What takes away from its figures, as a clause. */
  readonly flaws: readonly string[];
}

/** One of the things that are compared. */
export interface Side {
  readonly label: string;
  readonly paths: readonly string[];
  readonly startedAt: string;
  readonly command: string;
  readonly valid: Validity;
  readonly cells: readonly Cell[];
}
