import type { Answer, Words } from '../wire/resp-line.ts';
import { type Finding, type RespOperation, findingOf } from './resp-operations.ts';

/** What asking came to; `unsent` when there was no connection to send it on. */
export type Asked = Answer | { readonly kind: 'unsent'; readonly reason: string };

/** A way to one node that lasts longer than a connection. */
export interface Wire {
  /** Asks on the connection that is open, or on a new one, until this moment. */
  ask(commands: readonly Words[], untilMs: number): Promise<Asked>;
  /** Whatever comes next gets a new connection. */
  hangUp(): void;
}

/** One attempt at an operation; `before` are commands that go with it and are answered OK. */
export async function attempt(
  wire: Wire,
  operation: RespOperation,
  untilMs: number,
  before: readonly Words[] = [],
): Promise<Finding> {
  const asked = await wire.ask([...before, operation.words], untilMs);
  if (asked.kind === 'unsent') return { kind: 'refused', error: asked.reason };
  if (asked.kind === 'lost') return { kind: 'doubt', error: asked.reason };
  const odd = asked.replies.slice(0, -1).find((reply) => reply.kind !== 'status');
  const finding: Finding =
    odd === undefined
      ? findingOf(operation, asked.replies.at(-1))
      : { kind: 'surprise', error: `unexpected reply: ${JSON.stringify(odd)}` };
  if (finding.kind === 'surprise') wire.hangUp();
  return finding;
}
