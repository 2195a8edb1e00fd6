import type { ProtocolStatus } from '../core/protocol.ts';
import type { Log } from './log.ts';

/** Logs a line whenever the role, the term or the leader is another than at the last look. */
export function roleWatch(status: () => ProtocolStatus, log: Log): () => void {
  let last = '';
  return () => {
    const { role, term, leader } = status();
    const now = `${role} ${term} ${leader ?? ''}`;
    if (now === last) return;
    last = now;
    log('info', `role is now ${role}`, { role, term, leader: leader ?? null });
  };
}
