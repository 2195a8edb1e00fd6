import type { Clock } from '../core/clock.ts';
import type { Op, Outcome } from '../core/event.ts';
import type { Client } from '../core/system.ts';
import type { RespConnection } from '../wire/resp-line.ts';
import { type Wire, attempt } from './resp-attempt.ts';
import { outcomeOf, respOperation } from './resp-operations.ts';
import { type RespSession, writeInSession } from './resp-session.ts';

export interface RespClientOptions {
  /** Opens a connection; rejects, saying why, when there is none within the deadline. */
  open(timeoutMs: number): Promise<RespConnection>;
  readonly clock: Clock;
  /** For one operation, the connection it may need included. */
  readonly timeoutMs: number;
  /**
   * Whether writes go under a session, and those without an answer are sent again under the same
   * number until their time is over; otherwise each operation has one attempt.
   */
  readonly sessions?: boolean;
  /** How an operation is asked for; by the commands of the bundled stores where absent. */
  readonly operation?: typeof respOperation;
}

/**
 * A client of one node. Whatever goes wrong after a request was sent leaves a write in doubt, and what
 * comes next begins with a new connection.
 */
export async function respClient(options: RespClientOptions): Promise<Client> {
  const { timeoutMs, clock, sessions = false, operation: operationOf = respOperation } = options;
  const leftMs = (untilMs: number): number => Math.max(1, Math.ceil(untilMs - clock.nowNs() / 1e6));
  let connection = await options.open(timeoutMs);
  let isBusy = false;
  let isDisposed = false;

  const wire: Wire = {
    async ask(commands, untilMs) {
      if (!connection.isOpen) {
        const opened = await tryOpen(options, leftMs(untilMs));
        if (typeof opened === 'string') return { kind: 'unsent', reason: opened };
        connection = opened;
      }
      if (isDisposed) connection.close();
      if (!connection.isOpen) return { kind: 'unsent', reason: 'the connection is closed' };
      return connection.ask(commands, leftMs(untilMs));
    },
    hangUp: () => connection.close(),
  };
  const session: RespSession = { wire, timeoutMs, clock, id: undefined, sequence: 0 };

  return {
    async invoke(op: Op): Promise<Outcome> {
      const operation = operationOf(op);
      if (operation === undefined) {
        return { phase: 'fail', error: `expected an operation of this client, got ${op.op}` };
      }
      if (isBusy || isDisposed) {
        return { phase: 'fail', error: isBusy ? 'an operation is under way' : 'disposed of' };
      }
      isBusy = true;
      const outcome =
        sessions && !operation.isRead
          ? await writeInSession(session, operation)
          : outcomeOf(operation, await attempt(wire, operation, clock.nowNs() / 1e6 + timeoutMs));
      isBusy = false;
      return outcome;
    },
    [Symbol.asyncDispose]() {
      isDisposed = true;
      connection.close();
      return Promise.resolve();
    },
  };
}

/** The connection, or why there is none: then nothing was sent, and nothing happened. */
async function tryOpen(
  options: RespClientOptions,
  timeoutMs: number,
): Promise<RespConnection | string> {
  try {
    return await options.open(timeoutMs);
  } catch (error) {
    return (error as Error).message;
  }
}
