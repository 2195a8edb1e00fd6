import type { JsonObject } from './json.ts';

/** Never more than is known: `unknown` when the search gave up or the run proved nothing. */
export type Validity = 'valid' | 'invalid' | 'unknown';

/** What a checker says of a history, with the evidence for it. */
export interface Verdict {
  /** The checker's name. */
  readonly checker: string;
  readonly valid: Validity;
  /** One sentence for a person, without a full stop: what was found, where. */
  readonly summary: string;
  /** Figures and evidence as plain data, for `results.json` and the report. */
  readonly details?: JsonObject;
  /** The verdicts that this one was put together from. */
  readonly parts?: readonly Verdict[];
}

const rank: Record<Validity, number> = { valid: 0, unknown: 1, invalid: 2 };

/** Invalid over unknown over valid; valid when there is nothing to merge. */
export function mergeValidity(all: Iterable<Validity>): Validity {
  let worst: Validity = 'valid';
  for (const each of all) if (rank[each] > rank[worst]) worst = each;
  return worst;
}
