import type { Reply, Request } from '../../core/protocol.ts';
import { isCount, isRequest } from './command.ts';

/** What replicas say to each other: the agreement's own messages, and requests passed to the leader. */
export type ReplicaMessage<Message> =
  { readonly kind: 'agree'; readonly message: Message } | Forward | Forwarded;

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
  if (typeof value !== 'object' || value === null) return false;
  const message = value as Readonly<Record<string, unknown>>;
  if (message.kind === 'agree') return isMessage(message.message);
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
  if (typeof value !== 'object' || value === null) return false;
  const reply = value as Readonly<Record<string, unknown>>;
  const { value: result, reason, leader } = reply;
  switch (reply.kind) {
    case 'ok':
      return result === null || typeof result === 'string' || Number.isSafeInteger(result);
    case 'refused':
      return (
        typeof reason === 'string' &&
        reasons.has(reason) &&
        (leader === undefined || typeof leader === 'string')
      );
    default:
      return reply.kind === 'unknown' && typeof reason === 'string';
  }
}
