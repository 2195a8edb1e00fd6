import type { Checker } from '../core/checker.ts';
import { accountOf } from './queue-account.ts';
import type { QueueOptions } from './total-queue.ts';

/**
 * What comes out went in: nothing comes out twice or without having been put in, and nothing that was
 * acknowledged is gone for good when the queue is found empty. Order does not matter, and the queue may hold
 * elements at the end. After the `queue` checker of Jepsen with its model of an unordered queue.
 */
export function unorderedQueue({ delivery = 'exactly-once' }: QueueOptions = {}): Checker {
  const options = { checker: 'unordered-queue', delivery, drained: false } as const;
  return {
    name: 'unordered-queue',
    summary:
      delivery === 'exactly-once'
        ? 'what came out of the queue had gone in as often, and none was lost before it was found empty'
        : 'what came out of the queue had gone in, and none was lost before it was found empty',
    check: (history) => accountOf(history, options),
  };
}
