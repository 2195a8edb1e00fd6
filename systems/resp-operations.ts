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

export const operationNames = [
  'read',
  'write',
  'cas',
  'append',
  'add',
  'add-and-get',
  'delete',
] as const;

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
    // A set that only grows is a list whose order nobody asks for.
    case 'add':
    case 'append':
      return change(['APPEND', name, bytesOfAppended(value)], okIfInteger(value));
    case 'add-and-get':
      if (value !== 1) return undefined;
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

/**
 * What one attempt at an operation came to.
 * - `done`: the store has decided, and a session would remember it.
 * - `refused`: this attempt certainly took no effect; of others it says nothing.
 * - `doubt`: it may have taken effect, or may do so yet.
 * - `surprise`: the same, and the server does not speak as it should.
 */
export type Finding =
  | { readonly kind: 'done'; readonly outcome: Outcome }
  | { readonly kind: 'refused' | 'doubt' | 'surprise'; readonly error: string };

/** Errors by which the state machine says that a command does not fit the state. */
const decisions = new Set(['CASFAIL', 'WRONGTYPE']);

/** Errors by which a node says that it put the command into no log. */
const refusals = new Set([
  ...['NOTLEADER', 'BUSY', 'NOSESSION'],
  // Redis's own: it loads its file, or cannot write, has no memory left, or only copies another.
  ...['LOADING', 'MISCONF', 'OOM', 'READONLY'],
]);

export function findingOf(operation: RespOperation, reply: RespReply | undefined): Finding {
  const understood = reply && operation.understand(reply);
  if (understood !== undefined) return { kind: 'done', outcome: understood };
  if (reply?.kind !== 'error') {
    return { kind: 'surprise', error: `unexpected reply: ${JSON.stringify(reply)}` };
  }
  const { text } = reply;
  const code = text.split(' ', 1)[0] ?? '';
  if (decisions.has(code)) return { kind: 'done', outcome: { phase: 'fail', error: text } };
  return { kind: refusals.has(code) ? 'refused' : 'doubt', error: text };
}

/** What can be said of an operation with this one attempt: a read in doubt changed nothing. */
export function outcomeOf({ isRead }: RespOperation, finding: Finding): Outcome {
  if (finding.kind === 'done') return finding.outcome;
  const isCertain = finding.kind === 'refused' || isRead;
  return { phase: isCertain ? 'fail' : 'info', error: finding.error };
}
