import type { Outcome } from '../core/event.ts';
import type { RespReply } from '../wire/resp-reply.ts';
import { type RespOperation, findingOf, outcomeOf } from './resp-operations.ts';

const reading: RespOperation = {
  ...{ words: [], isRead: true },
  understand: (reply) => (reply.kind === 'bulk' ? { phase: 'ok', value: reply.value } : undefined),
};

const writing: RespOperation = {
  ...{ words: [], isRead: false },
  understand: (reply) =>
    reply.kind === 'status' && reply.text === 'OK' ? { phase: 'ok', value: null } : undefined,
};

export type LoadAnswer =
  | Outcome
  /** Nothing that this server says is to be believed any more. */
  | { readonly phase: 'surprise'; readonly error: string };

/** What a reply to a GET or a SET of the load comes to, as `dtest run` would see it. */
export function loadAnswerOf(isRead: boolean, reply: RespReply): LoadAnswer {
  const operation = isRead ? reading : writing;
  const finding = findingOf(operation, reply);
  if (finding.kind === 'surprise') return { phase: 'surprise', error: finding.error };
  return outcomeOf(operation, finding);
}
