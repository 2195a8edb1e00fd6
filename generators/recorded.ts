import { none } from './combinators.ts';
import type { Draw, GeneratorContext, Next, OpGenerator } from '../core/generator.ts';
import type { PlannedOperation } from '../core/run.ts';

/**
 * Operations that are laid down: each by its own worker, none before its moment. Each worker has its
 * own queue, so a slow one holds up no other.
 */
export function recorded(
  operations: readonly PlannedOperation[],
  concurrency: number,
): OpGenerator {
  const queues: Recorded[][] = Array.from({ length: concurrency }, () => []);
  for (const { worker, atNs, ...op } of operations) {
    const queue = queues[worker];
    if (queue === undefined)
      throw new Error(`expected one of ${concurrency} workers, got ${worker}`);
    queue.push({ draw: { op, worker }, timeNs: atNs - halfNs });
  }
  const heads = queues.map(() => 0);
  return fromQueues(queues, heads, operations.length);
}

/** Waiting rounds up to whole nanoseconds, and must not end in the one after. */
const halfNs = 0.5;

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
