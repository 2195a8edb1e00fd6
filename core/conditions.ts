/** A range of milliseconds to draw from, both ends included. */
export type RangeMs = readonly [low: number, high: number];

/**
 * How the simulated surroundings of a cluster behave while nothing is said to be broken. Shares are
 * probabilities, 0 to 1. All of it is drawn from the run's seed and written into its plan.
 */
export interface Conditions {
  readonly network: NetworkConditions;
  readonly disk: DiskConditions;
  readonly clocks: ClockConditions;
}

export interface NetworkConditions {
  /** One way, for each message anew. */
  readonly delayMs: RangeMs;
  /** Share of messages that are lost. */
  readonly loss: number;
  /** Share of messages that arrive twice. */
  readonly duplication: number;
  /** Share of messages that take `slowMs` on top while later ones overtake them. */
  readonly reordering: number;
  readonly slowMs: RangeMs;
  /** Whether links keep what was sent over a cut and deliver it after the heal, as TCP would. */
  readonly holds: boolean;
}

export interface DiskConditions {
  /** How long a sync takes. */
  readonly syncMs: RangeMs;
  /** A log segment is closed at this size; small ones make for many files. */
  readonly segmentBytes: number;
}

export interface ClockConditions {
  /** How far clocks run from true time at most: 0.01 is one percent fast or slow. */
  readonly drift: number;
}
