import type { Validity } from '../core/verdict.ts';

/** What the process ends with; users and their build servers hold on to these. */
export const exitCodes = {
  valid: 0,
  /** The system broke its promise. */
  invalid: 1,
  /** The checker gave up, or the run proved nothing. */
  unknown: 2,
  /** Valid, but a threshold or a gate was missed. */
  thresholdMissed: 3,
  /** Bad arguments or unreadable input. */
  badInput: 254,
  /** The harness itself, or its surroundings, failed. */
  error: 255,
} as const;

export function exitCodeOf(valid: Validity, thresholdsMet: boolean): number {
  if (valid !== 'valid') return exitCodes[valid];
  return thresholdsMet ? exitCodes.valid : exitCodes.thresholdMissed;
}
