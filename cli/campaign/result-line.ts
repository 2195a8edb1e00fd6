import type { Digest } from './digest.ts';

/** A line of `results.jsonl`: one seed of one combination. */
export interface ResultLine extends Digest {
  /** Index of the combination in `campaign.json`. */
  readonly combination: number;
  readonly seed: number;
  /** Real time that it took: with the order of lines, all that differs between equal campaigns. */
  readonly wallMs: number;
}

/** Faults that changed anything in a run. */
export function bitesOf({ faults }: Digest): number {
  return Object.values(faults).reduce((sum, { bit }) => sum + bit, 0);
}

export function operationsOf({ ok, fail, info }: Digest): number {
  return ok + fail + info;
}
