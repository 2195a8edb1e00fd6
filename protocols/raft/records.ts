import type { NodeId } from '../../core/node-id.ts';
import type { ConsensusOptions, ConsensusSnapshot } from '../consensus.ts';
import type { Configuration } from './configuration.ts';
import {
  type Entry,
  type RaftLog,
  appendAt,
  emptyLog,
  entriesBetween,
  lastIndexOf,
} from './log.ts';
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

/**
 * What the disk kept; `first` is in force where it says nothing else. Throws when that is not what this
 * node can have written.
 */
export function recover(durable: ConsensusOptions['durable'], first: Configuration): Recovered {
  const { snapshot, records } = durable;
  const base = snapshot === undefined ? { term: 0, configuration: first } : metaOf(snapshot);
  const log = emptyLog(snapshot?.index ?? 0, base.term, base.configuration);
  let { term } = base;
  let vote: NodeId | null = null;
  for (const each of records) {
    const record = each as RaftRecord | { readonly kind?: undefined };
    if (record.kind === 'hard') ({ term, vote } = record);
    else if (record.kind === 'entries') appendAt(log, record.index, record.entries);
    else throw new Error(`expected a record of Raft's, got ${JSON.stringify(each)}`);
  }
  return { term, vote, log };
}

/** What a snapshot has to say of the log in whose place it stands. */
export interface SnapshotMeta {
  /** Of the last entry in it. */
  readonly term: number;
  /** In force after that entry. */
  readonly configuration: Configuration;
}

export function metaOf({ meta }: ConsensusSnapshot): SnapshotMeta {
  const { term, configuration } = (meta ?? {}) as Partial<Record<keyof SnapshotMeta, unknown>>;
  if (typeof term === 'number' && typeof configuration === 'object') return meta as SnapshotMeta;
  const got = JSON.stringify(meta);
  throw new Error(
    `expected a snapshot's meta to hold a term and a configuration, got ${got}; is it of another protocol?`,
  );
}
