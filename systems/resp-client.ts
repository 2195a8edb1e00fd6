import type { Address } from '../core/cluster.ts';
import type { Op, Outcome } from '../core/event.ts';
import type { Client } from '../core/system.ts';
import { type RespConnection, openResp } from './resp-connection.ts';
import { type RespOperation, doubt, outcomeOf, respOperation } from './resp-operations.ts';

export interface RespClientOptions {
  /** Asked before each connection, as a node may come back with another address. */
  address(): Address;
  /** For one operation, the connection it may need included. */
  readonly timeoutMs: number;
}

/**
 * A client of one node. Each operation has one attempt: whatever goes wrong after the request was sent
 * leaves a write in doubt, and the next operation begins with a new connection.
 */
export async function respClient(options: RespClientOptions): Promise<Client> {
  let connection = await openResp(options.address(), options.timeoutMs);
  let isBusy = false;
  let isDisposed = false;

  const attempt = async (operation: RespOperation): Promise<Outcome> => {
    const deadlineMs = performance.now() + options.timeoutMs;
    if (!connection.isOpen) {
      const opened = await tryOpen(options);
      if (typeof opened === 'string') return { phase: 'fail', error: opened };
      connection = opened;
      if (isDisposed) connection.close();
    }
    if (!connection.isOpen) return { phase: 'fail', error: 'the connection closed before use' };
    const leftMs = Math.max(1, Math.ceil(deadlineMs - performance.now()));
    const answer = await connection.request(operation.words, leftMs);
    if (answer.kind === 'lost') return doubt(operation, answer.reason);
    return outcomeOf(operation, answer.reply, false);
  };

  return {
    async invoke(op: Op): Promise<Outcome> {
      const operation = respOperation(op);
      if (operation === undefined) {
        return { phase: 'fail', error: `expected an operation of this client, got ${op.op}` };
      }
      if (isBusy || isDisposed) {
        return { phase: 'fail', error: isBusy ? 'an operation is under way' : 'disposed of' };
      }
      isBusy = true;
      const outcome = await attempt(operation);
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

/** The connection, or why there is none: then nothing was sent, and the operation did not happen. */
async function tryOpen(options: RespClientOptions): Promise<RespConnection | string> {
  try {
    return await openResp(options.address(), options.timeoutMs);
  } catch (error) {
    return (error as Error).message;
  }
}
