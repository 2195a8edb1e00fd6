import type { Node } from '../core/cluster.ts';
import type { RespReply } from './resp-reply.ts';

/** A command and its arguments, as byte strings. */
export type Words = readonly string[];

/** What became of what was asked. `lost`: it was sent, and no answer that can be trusted came. */
export type Answer =
  | { readonly kind: 'replies'; readonly replies: readonly RespReply[] }
  | { readonly kind: 'lost'; readonly reason: string };

/**
 * A connection on which one thing is asked at a time. It closes for good at the first timeout or
 * surprise, so that a late reply can never answer a later request.
 */
export interface RespConnection {
  readonly isOpen: boolean;
  /**
   * Sends commands together and collects a reply to each. Never rejects. Call it only when the
   * connection is open and nothing else is under way.
   */
  ask(commands: readonly Words[], timeoutMs: number): Promise<Answer>;
  close(): void;
}

/** A node that is spoken to without a socket, because it lives in memory. */
export interface Dialable {
  /**
   * Rejects, saying why, when there is no connection within the deadline. What is drawn for the connection
   * is named after whoever dials.
   */
  dial(timeoutMs: number, name?: string): Promise<RespConnection>;
}

export function isDialable(node: Node): node is Node & Dialable {
  return 'dial' in node;
}
