import type { Run } from './run.ts';

/** A file of the run's folder, before the store writes it. */
export interface Artifact {
  /** Relative to the run's folder, with forward slashes. */
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** Draws a run. Pure: the store writes what it returns. */
export interface Reporter {
  readonly name: string;
  /** One sentence for `dtest list`. */
  readonly summary: string;
  render(run: Run): Promise<readonly Artifact[]> | readonly Artifact[];
}
