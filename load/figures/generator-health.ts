import type { GeneratorHealth } from '../../core/bench.ts';
import type { ThreadSummary } from '../job.ts';

/** From this share of its time on, a thread that is busy may be what is measured. */
const mostBusyShare = 0.9;
/** The generator's own delay may be so much of the median latency. */
const mostDelayShare = 0.25;

export interface HealthOptions {
  readonly operations: number;
  /** Of the successful operations. */
  readonly p50Ms: number;
  readonly isOpen: boolean;
}

/**
 * How busy the generator was, and whether the figures say more about it than about the system: when a
 * thread was at work for 90 % of the time or more (its answers then wait for it), and in an open loop
 * when operations began late by more than a quarter of the median latency.
 */
export function healthOf(
  threads: readonly ThreadSummary[],
  { operations, p50Ms, isOpen }: HealthOptions,
): GeneratorHealth {
  const all = threads.map(({ health }) => health);
  const sum = (of: (each: (typeof all)[number]) => number): number =>
    all.reduce((total, each) => total + of(each), 0);
  const most = (of: (each: (typeof all)[number]) => number): number => Math.max(0, ...all.map(of));
  const cpuMs = sum(({ cpuMs: own }) => own);
  const wallMs = sum(({ wallMs: own }) => own);
  const busyShare = most((each) => each.busyShare);
  const lateMs = most((each) => each.lateP99Ms);
  return {
    threads: threads.length,
    cpuShare: rounded(cpuMs / wallMs),
    cpuPerOperationUs: rounded(operations === 0 ? 0 : (cpuMs * 1000) / operations),
    eventLoopDelayP99Ms: rounded(most((each) => each.eventLoopDelayP99Ms)),
    busyShare: rounded(busyShare),
    lateP99Ms: rounded(lateMs),
    limitedBy: limitOf({ busyShare, lateMs, p50Ms, isOpen }),
  };
}

function limitOf(of: {
  busyShare: number;
  lateMs: number;
  p50Ms: number;
  isOpen: boolean;
}): string | null {
  const { busyShare, lateMs, p50Ms, isOpen } = of;
  if (busyShare >= mostBusyShare) {
    return `a thread of the generator was busy for ${(busyShare * 100).toFixed(0)} % of the time`;
  }
  if (isOpen && lateMs > mostDelayShare * p50Ms) {
    return `operations began up to ${lateMs.toFixed(1)} ms late, with a median latency of ${p50Ms.toFixed(1)} ms`;
  }
  return null;
}

function rounded(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 1000) / 1000 : 0;
}
