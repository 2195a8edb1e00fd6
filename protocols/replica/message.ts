import type { Reply, Request } from '../../core/protocol.ts';
import { isCount, isRequest } from './command.ts';

/** What replicas say to each other: the agreement's own messages, and requests passed to the leader. */
export type ReplicaMessage<Message> =
  { readonly kind: 'agree'; readonly message: Message } | Passed | Bundle;

export type Passed = Forward | Forwarded;

/** Several for one node, which came up in one turn. */
export interface Bundle {
  readonly kind: 'bundle';
  readonly messages: readonly Passed[];
}

/** Please do this for a client of mine. */
export interface Forward {
  readonly kind: 'forward';
  /** Names the sender's life: numbers start again with each. */
  readonly boot: string;
  readonly number: number;
  /** The lowest number that the sender still waits for. */
  readonly oldest: number;
  /** The term in which the sender takes the receiver for the leader. */
  readonly term: number;
  readonly request: Request;
}

/** What came of it. */
export interface Forwarded {
  readonly kind: 'forwarded';
  readonly boot: string;
  readonly number: number;
  readonly reply: Reply;
}

export function isReplicaMessage<Message>(
  value: unknown,
  isMessage: (inner: unknown) => inner is Message,
): value is ReplicaMessage<Message> {
  if (!isObject(value)) return false;
  if (value.kind === 'agree') return isMessage(value.message);
  if (value.kind !== 'bundle') return isPassed(value);
  const { messages } = value;
  return Array.isArray(messages) && messages.every((each) => isObject(each) && isPassed(each));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isPassed(message: Readonly<Record<string, unknown>>): boolean {
  if (typeof message.boot !== 'string' || !isCount(message.number)) return false;
  if (message.kind === 'forward') {
    const { oldest, term, request } = message;
    return isCount(oldest) && isCount(term) && isRequest(request);
  }
  return message.kind === 'forwarded' && isReply(message.reply);
}

const reasons = new Set([
  ...['not-leader', 'cas-mismatch', 'wrong-type', 'no-session', 'overloaded'],
  ...['under-way', 'impossible', 'gave-up'],
]);

function isReply(value: unknown): value is Reply {
  if (!isObject(value)) return false;
  const { value: result, reason, leader } = value;
  switch (value.kind) {
    case 'ok':
      return result === null || typeof result === 'string' || Number.isSafeInteger(result);
    case 'refused':
      return (
        typeof reason === 'string' &&
        reasons.has(reason) &&
        (leader === undefined || typeof leader === 'string')
      );
    default:
      return value.kind === 'unknown' && typeof reason === 'string';
  }
}
