import type { Reply } from '../../core/protocol.ts';

/**
 * Client sessions (Ongaro, dissertation §6.3): what each client asked last and what it was told, so
 * that a write sent twice is applied once. The table is part of the replicated state: everything in
 * it follows from the log alone, so all replicas agree on what is a repetition.
 */
export interface Sessions {
  /** By id; in the order of last use, the one used longest ago first. */
  readonly byId: Map<number, Session>;
}

export interface Session {
  /** Number of the last write that was applied; 0 before the first. */
  readonly sequence: number;
  /** What that write was answered. */
  readonly reply: Reply;
}

/** Sessions kept at a time. One more, and the one used longest ago, by log order, is forgotten. */
export const maxSessions = 10_000;

const untouched: Session = { sequence: 0, reply: { kind: 'ok', value: null } };

export function noSessions(): Sessions {
  return { byId: new Map() };
}

/**
 * Opens the session that has this log index as its id. Use is measured by log order and never by a
 * clock: replicas whose clocks differ would forget different sessions and then disagree on whether a
 * write is a repetition.
 */
export function openSession(sessions: Sessions, id: number): void {
  sessions.byId.set(id, untouched);
  if (sessions.byId.size <= maxSessions) return;
  const oldest = sessions.byId.keys().next();
  if (oldest.done !== true) sessions.byId.delete(oldest.value);
}

/**
 * Applies a write at most once. A repetition of the last write gets the reply that was kept, whatever
 * it was, so that a failed cas stays failed; of an older one nothing is known any more.
 */
export function once(
  sessions: Sessions,
  place: { readonly session: number; readonly sequence: number },
  apply: () => Reply,
): Reply {
  const last = sessions.byId.get(place.session);
  if (last === undefined) return { kind: 'refused', reason: 'no-session' };
  const isNew = place.sequence > last.sequence;
  const now = isNew ? { sequence: place.sequence, reply: apply() } : last;
  // Deleting first moves the session to the end of the map's order: it is now the latest used.
  sessions.byId.delete(place.session);
  sessions.byId.set(place.session, now);
  if (place.sequence >= last.sequence) return now.reply;
  return {
    kind: 'unknown',
    reason: `stale duplicate: session ${place.session} is at ${last.sequence}, this is ${place.sequence}`,
  };
}
