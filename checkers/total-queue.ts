import type { Checker } from '../core/checker.ts';
import { type Delivery, accountOf } from './queue-account.ts';

export interface QueueOptions {
  /** Whether an element may come out more than once; `exactly-once`, it may not, by default. */
  readonly delivery?: Delivery;
}

/**
 * What goes in must come out: nothing that was acknowledged is lost, nothing comes out twice or without
 * having been put in. Order does not matter. The run must empty the queue at its end (a `drain`, or
 * dequeues until one returns null), else the verdict is `unknown`. After the `total-queue` checker of
 * Jepsen.
 */
export function totalQueue({ delivery = 'exactly-once' }: QueueOptions = {}): Checker {
  const options = { checker: 'total-queue', delivery, drained: true } as const;
  return {
    name: 'total-queue',
    summary:
      delivery === 'exactly-once'
        ? 'every acknowledged element came out of the queue, and only what went in, as often as it did'
        : 'every acknowledged element came out of the queue, and only what went in',
    check: (history) => accountOf(history, options),
  };
}
