import { setFull } from '../checkers/set-full.ts';
import type { Workload } from '../core/workload.ts';
import { finalReads } from './final-reads.ts';
import { rotatingKeys } from './rotating-keys.ts';

/** Sets that only grow: the plainest way to ask whether what was acknowledged is still there. */
export const set: Workload = {
  name: 'set',
  summary: 'adds to sets and reads of the whole, checked for lost and stale elements',
  operations: ['add', 'read'],
  generator: (options) =>
    rotatingKeys(options, {
      op: ({ key }, fresh, rng) =>
        rng.float() < options.readRatio
          ? { op: 'read', key, value: null }
          : { op: 'add', key, value: fresh },
      seen: () => null,
    }),
  finalGenerator: finalReads,
  checker: () => setFull(),
};
