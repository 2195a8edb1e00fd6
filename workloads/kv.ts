import { linearizable } from '../checkers/linearizability/index.ts';
import { modelNamed } from '../checkers/models/index.ts';
import { type HistoryEvent, isFaultEvent } from '../core/event.ts';
import type { Json } from '../core/json.ts';
import type { Workload } from '../core/workload.ts';
import { finalReads } from './final-reads.ts';
import { rotatingKeys } from './rotating-keys.ts';

/**
 * Independent keys that come and go: what was deleted and is back shows that a replica kept what it was
 * to forget, which no write would ever show. Every value written is new.
 */
export const kv: Workload = {
  name: 'kv',
  summary: 'read, write and delete on independent keys, checked for linearizability',
  operations: ['read', 'write', 'delete'],
  generator: (options) =>
    rotatingKeys(options, {
      op({ key }, fresh, rng) {
        if (rng.float() < options.readRatio) return { op: 'read', key, value: null };
        if (rng.float() < 0.6) return { op: 'write', key, value: fresh };
        return { op: 'delete', key, value: null };
      },
      seen: valueSeen,
    }),
  finalGenerator: finalReads,
  checker: () => linearizable(modelNamed('kv')),
};

function valueSeen(event: HistoryEvent): Json {
  return isFaultEvent(event) ? null : event.value;
}
