import type { OpEvent } from '../core/event.ts';
import { none } from './combinators.ts';
import type { Draw, GeneratorContext, Next, OpGenerator } from '../core/generator.ts';

/**
 * The operations of a saved run again: the same ones, by the same workers, none before the moment at
 * which it was invoked then. Each worker has its own queue, so a slow one holds up no other.
 */
export function recorded(invocations: readonly OpEvent[], concurrency: number): OpGenerator {
  const queues: Recorded[][] = Array.from({ length: concurrency }, () => []);
  for (const { op, key, value, process, timeNs } of invocations) {
    const worker = process % concurrency;
    const again = { op, value, ...(key === undefined ? {} : { key }) };
    queues[worker]?.push({ draw: { op: again, worker }, timeNs });
  }
  const heads = queues.map(() => 0);
  return fromQueues(queues, heads, invocations.length);
}

interface Recorded {
  readonly draw: Draw;
  readonly timeNs: number;
}

function fromQueues(
  queues: readonly (readonly Recorded[])[],
  heads: readonly number[],
  left: number,
): OpGenerator {
  if (left === 0) return none;
  const self: OpGenerator = {
    next(context: GeneratorContext): Next {
      let untilNs = Infinity;
      // What busy workers are late with says nothing of when a free one is to be asked again.
      for (const worker of context.free) {
        const at = heads[worker] ?? 0;
        const head = queues[worker]?.[at];
        if (head === undefined) continue;
        untilNs = Math.min(untilNs, head.timeNs);
        if (head.timeNs > context.timeNs) continue;
        const then = fromQueues(queues, heads.with(worker, at + 1), left - 1);
        return { kind: 'op', draw: head.draw, then };
      }
      return { kind: 'pending', ...(untilNs === Infinity ? {} : { untilNs }), then: self };
    },
    update: () => self,
  };
  return self;
}
