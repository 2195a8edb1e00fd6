import { createHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { ThreadHealth } from '../job.ts';

/** Watches what this thread itself costs. */
export interface HealthWatch {
  readonly late: (byNs: number) => void;
  end(): ThreadHealth;
}

const resolutionMs = 5;

export function watchHealth(): HealthWatch {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  const lateness = createHistogram();
  const startMs = performance.now();
  const cpu = process.threadCpuUsage();
  const loop = performance.eventLoopUtilization();
  return {
    late: (byNs) => lateness.record(Math.max(1, Math.round(byNs))),
    end() {
      delay.disable();
      const { user, system } = process.threadCpuUsage(cpu);
      const busy = performance.eventLoopUtilization(loop);
      return {
        wallMs: performance.now() - startMs,
        cpuMs: (user + system) / 1000,
        busyShare: busy.utilization,
        // It records from one of its timers to the next, which are at least so far apart.
        eventLoopDelayP99Ms: Math.max(0, delay.percentile(99) / 1e6 - resolutionMs),
        lateP99Ms: lateness.count === 0 ? 0 : lateness.percentile(99) / 1e6,
      };
    },
  };
}
