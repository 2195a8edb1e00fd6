import type { RowResult } from '../run-row.ts';
import type { Limit } from './row.ts';

/** `open`: there is nothing to compare with, or nothing was measured. */
export type Reached = 'met' | 'missed' | 'open';

/** Whether a row kept to a limit. A wrong verdict or none misses it, whatever it cost. */
export function reached(limit: Limit, result: RowResult): Reached {
  const { ours } = result;
  if (ours === null) return result.row.work.kind === 'absent' ? 'open' : 'missed';
  if (ours.verdicts.right < ours.verdicts.files) return 'missed';
  const mostMs = mostCpuMs(limit, result);
  if (mostMs === null) return 'open';
  return ours.cpuMs <= mostMs && ours.peakMb <= (limit.peakMb ?? Infinity) ? 'met' : 'missed';
}

/**
 * What a share comes to: of the other checker's time where it ran beside this one, else of the baseline's;
 * null where there is neither. `Infinity` where time is not limited. What it took until it gave up is no measure.
 */
export function mostCpuMs(limit: Limit, { row, other }: RowResult): number | null {
  const { cpuMs = Infinity, share } = limit;
  if (share === undefined) return cpuMs;
  const theirMs = other?.verdicts.unknown === 0 ? other.cpuMs : row.baselineMs;
  return theirMs === null ? null : Math.min(cpuMs, share * theirMs);
}
