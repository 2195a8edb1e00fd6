import { count, digits } from '../../reports/figures.ts';
import type { Tally } from './tally.ts';

export interface CampaignProgress {
  readonly tally: Tally;
  /** Runs that were done before this session. */
  readonly before: number;
  readonly total: number;
  /** Of this session. */
  readonly elapsedMs: number;
  /** What ended last. */
  readonly current: string;
}

/** `1,204/20,000 · 5.8/s · 54 min left · 2 invalid, 1 unknown · register on paxos, seed 604`. */
export function progressText({
  tally,
  before,
  total,
  elapsedMs,
  current,
}: CampaignProgress): string {
  const done = tally.done();
  const perSecond = elapsedMs > 0 ? (1000 * (done - before)) / elapsedMs : 0;
  const parts = [`${count(done)}/${count(total)} runs`];
  if (perSecond > 0) {
    parts.push(`${digits(perSecond)}/s`, `${spanOf((total - done) / perSecond)} left`);
  }
  const { invalid, crashed, unknown } = tally.counts();
  const bad = Object.entries({ invalid, crashed, unknown }).filter(([, number]) => number > 0);
  parts.push(bad.map(([name, number]) => `${count(number)} ${name}`).join(', ') || 'all valid');
  return [...parts, current].join(' · ');
}

/** In the unit that says enough of it. */
export function spanOf(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  if (seconds < 100 * 60) return `${Math.ceil(seconds / 60)} min`;
  return `${digits(seconds / 3600)} h`;
}
