/**
 * A known mistake, planted on purpose into a copy of a system: a harness worth its name convicts it.
 * The correct code knows nothing of it.
 */
export interface Bug {
  /** As `--bug` names it: `raft-stale-leader-read`. */
  readonly name: string;
  /** How it differs from the correct code, in one sentence. */
  readonly summary: string;
  /** Where it was seen: a paper's section, a project's issue. */
  readonly source: string;
  /** What a user would see of it. */
  readonly anomaly: string;
  /** Words of `dtest run` that give it room to show: workload, faults, settings. */
  readonly hunt: readonly string[];
}

/** The words of a hunt, as they would be typed. */
export function wordsOf(hunt: string): readonly string[] {
  return hunt.split(' ');
}
