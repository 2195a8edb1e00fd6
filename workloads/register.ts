import { linearizable } from '../checkers/linearizability/index.ts';
import { modelNamed } from '../checkers/models/index.ts';
import { type HistoryEvent, isFaultEvent } from '../core/event.ts';
import type { Json } from '../core/json.ts';
import type { Workload } from '../core/workload.ts';
import { finalReads } from './final-reads.ts';
import { rotatingKeys } from './rotating-keys.ts';

/**
 * Independent registers that many clients read, write and compare-and-set. Every value written is new,
 * so a read names the write it saw, and the check stays cheap. Of what is not a read, two in five are
 * cas, from what a client last saw.
 */
export const register: Workload = {
  name: 'register',
  summary: 'read, write and cas on independent registers, checked for linearizability',
  operations: ['read', 'write', 'cas'],
  generator: (options) =>
    rotatingKeys(options, {
      op({ key, seen }, fresh, rng) {
        if (rng.float() < options.readRatio) return { op: 'read', key, value: null };
        if (rng.float() < 0.6) return { op: 'write', key, value: fresh };
        return { op: 'cas', key, value: [seen, fresh] };
      },
      seen: valueSeen,
    }),
  finalGenerator: finalReads,
  checker: () => linearizable(modelNamed('cas-register')),
};

function valueSeen(event: HistoryEvent): Json {
  if (isFaultEvent(event)) return null;
  return event.op === 'cas' ? ((event.value as readonly Json[])[1] ?? null) : event.value;
}
