import type { Reporter } from '../core/reporter.ts';
import { chartsOf } from './charts/all.ts';
import { renderPng } from './charts/png.ts';

/** `charts/*.png`: latency of every operation, its quantiles, and throughput, with the faults. */
export const charts: Reporter = {
  name: 'charts',
  summary: 'latency of every operation, latency quantiles and throughput as images, faults shaded',
  render: (run) =>
    chartsOf(run).map((chart) => ({
      path: `charts/${chart.name}.png`,
      content: renderPng(chart),
    })),
};
