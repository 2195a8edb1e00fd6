import type { Clock } from '../../core/clock.ts';
import type { Op, Outcome } from '../../core/event.ts';
import type { Client } from '../../core/system.ts';
import type { GrpcSession } from './grpc-session.ts';
import { etcdOperation, outcomeOf } from './operations.ts';

export interface EtcdClientOptions {
  /** Opens a connection; rejects, saying why, when there is none within the deadline. */
  open(timeoutMs: number): Promise<GrpcSession>;
  readonly clock: Clock;
  /** For one operation, the connection it may need included. */
  readonly timeoutMs: number;
  /** Whether reads are serializable, which means that they may be stale. */
  readonly isSerializable: boolean;
}

/** A client of one node, on a connection of its own. Late answers find nobody: calls are streams apart. */
export async function etcdClient(options: EtcdClientOptions): Promise<Client> {
  const { timeoutMs, clock, isSerializable } = options;
  let session = await options.open(timeoutMs);
  let isDisposed = false;

  const ready = async (untilMs: number): Promise<string | null> => {
    if (isDisposed) return 'disposed of';
    if (session.isOpen) return null;
    try {
      session = await options.open(Math.max(1, untilMs - clock.nowNs() / 1e6));
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  };

  return {
    async invoke(op: Op): Promise<Outcome> {
      const operation = etcdOperation(op, isSerializable);
      if (operation === undefined) {
        return { phase: 'fail', error: `expected an operation of this client, got ${op.op}` };
      }
      const untilMs = clock.nowNs() / 1e6 + timeoutMs;
      const obstacle = await ready(untilMs);
      if (obstacle !== null) return { phase: 'fail', error: obstacle };
      const leftMs = Math.max(1, Math.ceil(untilMs - clock.nowNs() / 1e6));
      return outcomeOf(operation, await session.call(operation.call, leftMs));
    },
    [Symbol.asyncDispose]() {
      isDisposed = true;
      session.close();
      return Promise.resolve();
    },
  };
}
