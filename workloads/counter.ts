import { linearizable } from '../checkers/linearizability/index.ts';
import { modelNamed } from '../checkers/models/index.ts';
import type { Workload } from '../core/workload.ts';
import { finalReads } from './final-reads.ts';
import { rotatingKeys } from './rotating-keys.ts';

/** Counters whose increments answer with the new sum: one that took effect twice cannot hide. */
export const counter: Workload = {
  name: 'counter',
  summary: 'increments and reads of counters, checked for linearizability',
  operations: ['add-and-get', 'read'],
  generator: (options) =>
    rotatingKeys(options, {
      op: ({ key }, _fresh, rng) =>
        rng.float() < options.readRatio
          ? { op: 'read', key, value: null }
          : { op: 'add-and-get', key, value: 1 },
      seen: () => null,
    }),
  finalGenerator: finalReads,
  checker: () => linearizable(modelNamed('counter')),
};
