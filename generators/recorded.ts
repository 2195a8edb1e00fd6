import type { OpEvent } from '../core/event.ts';
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
  return fromQueues(
    queues,
    queues.map(() => 0),
  );
}

interface Recorded {
  readonly draw: Draw;
  readonly timeNs: number;
}

function fromQueues(
  queues: readonly (readonly Recorded[])[],
  heads: readonly number[],
): OpGenerator {
  const self: OpGenerator = {
    next(context: GeneratorContext): Next {
      let untilNs = Infinity;
      for (const [worker, queue] of queues.entries()) {
        const head = queue[heads[worker] ?? 0];
        if (head === undefined) continue;
        untilNs = Math.min(untilNs, head.timeNs);
        if (head.timeNs > context.timeNs || !context.free.includes(worker)) continue;
        const then = fromQueues(
          queues,
          heads.map((at, owner) => (owner === worker ? at + 1 : at)),
        );
        return { kind: 'op', draw: head.draw, then };
      }
      return untilNs === Infinity ? { kind: 'done' } : { kind: 'pending', untilNs, then: self };
    },
    update: () => self,
  };
  return self;
}
