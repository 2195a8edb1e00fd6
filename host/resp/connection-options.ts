import type { Socket } from 'node:net';
import type { Reply, Request } from '../../core/protocol.ts';
import type { RequestLimits } from '../../wire/resp-request.ts';
import type { ServerFacts } from './commands.ts';
import type { MemoryBudget } from './memory-budget.ts';

/** Who answers requests; the loop. */
export interface Service extends ServerFacts {
  /** Why nothing can be asked for yet, or null. */
  notReady(): string | null;
  request(request: Request, onReply: (reply: Reply) => void): number;
  cancel(id: number): void;
}

export interface ConnectionLimits extends RequestLimits {
  /** Requests without a reply; beyond it nothing more is read. */
  readonly maxInFlight: number;
  /** Replies that wait for the client to read; beyond it nothing more is read. */
  readonly highOutputBytes: number;
  /** Beyond it the client is cut off: it has asked for more than it reads. */
  readonly maxOutputBytes: number;
  /** For the rest of a request, and for a client that does not read, to make some progress. */
  readonly stallTimeoutMs: number;
  /**
   * A client that has closed its side may have gone or may still read, which looks the same. It gets
   * replies for so long; then its requests are cancelled.
   */
  readonly lingerMs: number;
}

export interface ConnectionOptions {
  readonly id: number;
  readonly socket: Socket;
  readonly service: Service;
  readonly limits: ConnectionLimits;
  readonly budget: MemoryBudget;
  readonly onCommand: () => void;
  readonly onCutOff: () => void;
}
