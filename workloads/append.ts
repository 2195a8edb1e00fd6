import { linearizable } from '../checkers/linearizability/index.ts';
import { modelNamed } from '../checkers/models/index.ts';
import type { Workload } from '../core/workload.ts';
import { finalReads } from './final-reads.ts';
import { rotatingKeys } from './rotating-keys.ts';

/**
 * Lists that only grow. A read shows all appends so far in their order, so it contradicts what a register
 * would have forgotten: appends that took effect twice, were lost, or changed places.
 */
export const append: Workload = {
  name: 'append',
  summary: 'append and read of lists that only grow, checked for linearizability',
  operations: ['append', 'read'],
  generator: (options) =>
    rotatingKeys(options, {
      op: ({ key }, fresh, rng) =>
        rng.float() < options.readRatio
          ? { op: 'read', key, value: null }
          : { op: 'append', key, value: fresh },
      seen: () => null,
    }),
  finalGenerator: finalReads,
  checker: () => linearizable(modelNamed('append-list')),
};
