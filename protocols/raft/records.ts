import type { NodeId } from '../../core/node-id.ts';
import type { ConsensusOptions, ConsensusSnapshot } from '../consensus.ts';
import { type Entry, type RaftLog, appendAt, entriesBetween, lastIndexOf } from './log.ts';
import type { RaftState } from './state.ts';

/**
 * What goes to disk. Term and vote are one record: torn apart, a new term could meet an old vote.
 * Entries replace whatever was written at their indexes and after. Any prefix of the records that a
 * crash leaves is a state the node could have been in.
 */
export type RaftRecord =
  | { readonly kind: 'hard'; readonly term: number; readonly vote: NodeId | null }
  | { readonly kind: 'entries'; readonly index: number; readonly entries: readonly Entry[] };

/** The records that bring the disk up to date: term and vote if asked for, entries from an index. */
export function recordsOf(
  state: RaftState,
  { hard, from }: { readonly hard: boolean; readonly from: number },
): RaftRecord[] {
  const { term, vote, log } = state;
  const records: RaftRecord[] = [];
  if (hard) records.push({ kind: 'hard', term, vote });
  const last = lastIndexOf(log);
  if (from <= last) {
    records.push({ kind: 'entries', index: from, entries: entriesBetween(log, from, last) });
  }
  return records;
}

export interface Recovered {
  readonly term: number;
  readonly vote: NodeId | null;
  readonly log: RaftLog;
}

/** What the disk kept. Throws when that is not what this node can have written. */
export function recover(durable: ConsensusOptions['durable']): Recovered {
  const { snapshot, records } = durable;
  const baseIndex = snapshot?.index ?? 0;
  const baseTerm = snapshot === undefined ? 0 : snapshotTerm(snapshot);
  const log: RaftLog = { baseIndex, baseTerm, entries: [] };
  let term = baseTerm;
  let vote: NodeId | null = null;
  for (const each of records) {
    const record = each as RaftRecord | { readonly kind?: undefined };
    if (record.kind === 'hard') ({ term, vote } = record);
    else if (record.kind === 'entries') appendAt(log, record.index, record.entries);
    else throw new Error(`expected a record of Raft's, got ${JSON.stringify(each)}`);
  }
  return { term, vote, log };
}

/** The term of the last entry that a snapshot holds. */
export function snapshotTerm(snapshot: ConsensusSnapshot): number {
  const { term } = (snapshot.meta ?? {}) as { readonly term?: unknown };
  if (typeof term === 'number') return term;
  const got = JSON.stringify(snapshot.meta);
  throw new Error(
    `expected a snapshot's meta to hold its term, got ${got}; is it of another protocol?`,
  );
}
