import type { Op, Outcome } from '../core/event.ts';
import type { Json } from '../core/json.ts';
import type { RespReply } from '../wire/resp-reply.ts';
import { bytesOfAppended, bytesOfJson, bytesOfKey, jsonOfBytes } from './json-bytes.ts';

/** How an operation is asked for in RESP, and what its reply means. */
export interface RespOperation {
  readonly words: readonly string[];
  /** Nothing in the store can change by it, whatever happens. */
  readonly isRead: boolean;
  /** The result of a reply that fits; undefined for one that does not. */
  understand(reply: RespReply): Outcome | undefined;
}

export const operationNames = ['read', 'write', 'cas', 'append', 'incr', 'delete'] as const;

/** Undefined for an operation that there is no command for. */
export function respOperation({ op, key = 'default', value }: Op): RespOperation | undefined {
  const name = bytesOfKey(key);
  switch (op) {
    case 'read':
      return { words: ['GET', name], isRead: true, understand: readValue };
    case 'write':
      return change(['SET', name, bytesOfJson(value)], okIfStatus(value));
    case 'cas': {
      if (!isPair(value)) return undefined;
      const [from, to] = value;
      if (from === null) return change(['SETNX', name, bytesOfJson(to)], okIfSet(value));
      return change(['CAS', name, bytesOfJson(from), bytesOfJson(to)], okIfStatus(value));
    }
    case 'append':
      return change(['APPEND', name, bytesOfAppended(value)], okIfInteger(value));
    case 'incr':
      return change(['INCR', name], (reply) =>
        reply.kind === 'integer' ? { phase: 'ok', value: reply.value } : undefined,
      );
    case 'delete':
      return change(['DEL', name], okIfInteger(value));
    default:
      return undefined;
  }
}

function isPair(value: Json): value is readonly [Json, Json] {
  return Array.isArray(value) && value.length === 2;
}

function change(
  words: readonly string[],
  understand: (reply: RespReply) => Outcome | undefined,
): RespOperation {
  return { words, isRead: false, understand };
}

function readValue(reply: RespReply): Outcome | undefined {
  if (reply.kind !== 'bulk') return undefined;
  return { phase: 'ok', value: reply.value === null ? null : jsonOfBytes(reply.value) };
}

function okIfStatus(value: Json): (reply: RespReply) => Outcome | undefined {
  return (reply) =>
    reply.kind === 'status' && reply.text === 'OK' ? { phase: 'ok', value } : undefined;
}

function okIfInteger(value: Json): (reply: RespReply) => Outcome | undefined {
  return (reply) => (reply.kind === 'integer' ? { phase: 'ok', value } : undefined);
}

function okIfSet(value: Json): (reply: RespReply) => Outcome | undefined {
  return (reply) => {
    if (reply.kind !== 'integer') return undefined;
    if (reply.value === 1) return { phase: 'ok', value };
    return reply.value === 0 ? { phase: 'fail', error: 'CASFAIL the key exists' } : undefined;
  };
}

/** Errors by which the bundled stores say that a command certainly took no effect. */
const certain = new Set(['CASFAIL', 'NOTLEADER', 'BUSY', 'NOSESSION', 'WRONGTYPE']);

/** Of those, the ones that the state machine itself decided on. */
const decided = new Set(['CASFAIL', 'WRONGTYPE']);

/**
 * What an operation came to. `resent` says that an earlier, unanswered attempt may have taken effect:
 * then only what the state machine decided is certain, as that decision was kept with the session.
 */
export function outcomeOf(operation: RespOperation, reply: RespReply, resent: boolean): Outcome {
  const understood = operation.understand(reply);
  if (understood !== undefined) return understood;
  if (reply.kind !== 'error') return doubt(operation, `unexpected reply: ${JSON.stringify(reply)}`);
  const code = reply.text.split(' ', 1)[0] ?? '';
  const isCertain = (resent ? decided : certain).has(code);
  return isCertain ? { phase: 'fail', error: reply.text } : doubt(operation, reply.text);
}

/** A read that did not succeed changed nothing; anything else may have, or may yet. */
export function doubt({ isRead }: RespOperation, error: string): Outcome {
  return { phase: isRead ? 'fail' : 'info', error };
}
