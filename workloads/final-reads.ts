import { type Key, type Op, isFaultEvent } from '../core/event.ts';
import type { OpGenerator } from '../core/generator.ts';
import type { History } from '../core/history.ts';
import type { WorkloadOptions } from '../core/workload.ts';
import { none } from '../generators/combinators.ts';

/** Objects that retired are read once more, as many of the last ones as this. */
const mostRetiredReads = 2000;

/**
 * The last objects in use are read by every worker, through every node that workers are bound to, and
 * those that retired once, by one worker or another: what was acknowledged must still be there.
 */
export function finalReads(options: WorkloadOptions, history: History): OpGenerator {
  const keys = new Set<Key>();
  for (const event of history.events()) {
    if (isFaultEvent(event) || event.key === undefined) continue;
    keys.delete(event.key);
    keys.add(event.key);
  }
  const last = [...keys].slice(-options.keys);
  const retired = [...keys].slice(0, -options.keys).slice(-mostRetiredReads);
  const workers = Array.from({ length: options.concurrency }, (_, worker) => worker);
  return perWorker(
    workers.map((worker) => {
      const own = retired.filter((_, at) => at % options.concurrency === worker);
      return [...last, ...own].map((key): Op => ({ op: 'read', key, value: null }));
    }),
  );
}

/** Each worker its own list, one after another. */
function perWorker(lists: readonly (readonly Op[])[]): OpGenerator {
  if (lists.every((list) => list.length === 0)) return none;
  const self: OpGenerator = {
    next(context) {
      for (const worker of context.free) {
        const [op, ...rest] = lists[worker] ?? [];
        if (op === undefined) continue;
        return { kind: 'op', draw: { op, worker }, then: perWorker(lists.with(worker, rest)) };
      }
      return { kind: 'pending', then: self };
    },
    update: () => self,
  };
  return self;
}
