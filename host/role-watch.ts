import type { Standing } from '../core/protocol.ts';
import type { Log } from './log.ts';

/** Logs a line whenever the role, the term or the leader is another than at the last look. */
export function roleWatch(standing: () => Standing, log: Log): () => void {
  let last: Standing | null = null;
  return () => {
    const now = standing();
    const { role, term, leader } = now;
    if (last !== null && role === last.role && term === last.term && leader === last.leader) return;
    last = now;
    log('info', `role is now ${role}`, { role, term, leader: leader ?? null });
  };
}
