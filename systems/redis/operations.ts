import type { Op } from '../../core/event.ts';
import { type RespOperation, respOperation } from '../resp-operations.ts';

/** Redis has no command that compares and sets, but runs scripts, one at a time and whole. */
const compareAndSet =
  "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end " +
  "redis.call('SET', KEYS[1], ARGV[2]) return 1";

/** The operations of the bundled stores, with the commands that Redis has for them. */
export function redisOperation(op: Op): RespOperation | undefined {
  const operation = respOperation(op);
  const [command, key = '', from = '', to = ''] = operation?.words ?? [];
  if (operation === undefined || command !== 'CAS') return operation;
  return {
    ...operation,
    words: ['EVAL', compareAndSet, '1', key, from, to],
    understand(reply) {
      if (reply.kind !== 'integer') return undefined;
      if (reply.value === 1) return { phase: 'ok', value: op.value };
      return reply.value === 0
        ? { phase: 'fail', error: 'the value is not the expected one' }
        : undefined;
    },
  };
}
