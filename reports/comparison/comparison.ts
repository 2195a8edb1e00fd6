import type { Validity } from '../../core/verdict.ts';

/** What `dtest compare` came to: plain data, as `--json` prints it (docs/schema/compare.json). */
export interface Comparison {
  readonly schema: 1;
  readonly kind: 'benches' | 'runs';
  /** The first is the baseline, with which every other is compared. */
  readonly things: readonly ComparedThing[];
  /** What was resampled, and what that cannot show. */
  readonly basis: string;
  /** Probability that all intervals together hold what they should. */
  readonly confidence: number;
  readonly rows: readonly ComparedFigure[];
  readonly gates: readonly GateOutcome[];
  /** Whatever else differs or takes away from the figures, a sentence each. */
  readonly warnings: readonly string[];
  /** One sentence: what was shown. */
  readonly reason: string;
  readonly exitCode: number;
}

export interface ComparedThing {
  readonly label: string;
  readonly paths: readonly string[];
  readonly startedAt: string;
  readonly command: string;
  readonly valid: Validity;
}

/** One figure of one cell of one candidate, beside the baseline's. */
export interface ComparedFigure {
  /** The candidate's label. */
  readonly thing: string;
  /** The cell's name; empty where there is but one. */
  readonly cell: string;
  readonly figure: string;
  readonly unit: FigureUnit;
  readonly better: 'higher' | 'lower';
  /** Means over the rounds; null where no round told. */
  readonly baseline: number | null;
  readonly candidate: number | null;
  readonly rounds: { readonly baseline: number; readonly candidate: number };
  readonly change: Change | null;
  readonly verdict: FigureVerdict;
}

export type FigureUnit = 'ms' | '/s' | '%' | '' | 'B';

/** The candidate against the baseline. A bound is null where the rounds leave it open. */
export interface Change {
  /** `percent` of the baseline's mean, or `points`: the plain difference, in the figure's unit. */
  readonly kind: 'percent' | 'points';
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** `untold`: fewer than three rounds, or no mean to compare with. */
export type FigureVerdict = 'better' | 'worse' | 'no difference shown' | 'untold';

/** What became of one demand of `--fail-on`. */
export interface GateOutcome {
  /** As the user wrote it: `p99>+10%`. */
  readonly text: string;
  /**
   * `missed`: beyond the limit, and the interval shows a change for the worse. `not shown`: beyond the
   * limit, but so might no change be. `nothing to judge`: no figure of that name was told.
   */
  readonly outcome: 'met' | 'missed' | 'not shown' | 'nothing to judge';
  /** The figures that decided it, in words. */
  readonly reasons: readonly string[];
}
