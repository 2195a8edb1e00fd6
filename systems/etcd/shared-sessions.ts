import type { Address } from '../../core/cluster.ts';
import { type GrpcSession, openGrpc } from './grpc-session.ts';

/**
 * Connections that all clients of a thread share, one to each server: calls are streams of HTTP/2 apart, and
 * what many clients ask at one time leaves in one write. With a connection for each client, etcd and the client
 * both cost two to four times as much for an operation.
 */
export interface SharedSessions {
  /** An open connection; rejects, saying why, when there is none within the deadline. */
  to(address: Address, timeoutMs: number): Promise<GrpcSession>;
  /** The last one to leave closes them all. */
  leave(): void;
}

const sessions = new Map<string, Promise<GrpcSession>>();
let users = 0;

/** Joins those who share; to be left once. */
export function shareSessions(): SharedSessions {
  users += 1;
  return {
    async to(address, timeoutMs) {
      const key = `${address.host} ${address.port}`;
      const known = sessions.get(key);
      const open = await known?.catch(() => undefined);
      if (open?.isOpen === true) return open;
      // Whoever came first opens a new one, and the others wait for that.
      const current = sessions.get(key);
      if (current !== undefined && current !== known) return current;
      const opening = openGrpc(address, timeoutMs);
      sessions.set(key, opening);
      return opening;
    },
    leave() {
      users -= 1;
      if (users > 0) return;
      for (const each of sessions.values()) {
        each.then(
          (session) => session.close(),
          () => undefined,
        );
      }
      sessions.clear();
    },
  };
}
