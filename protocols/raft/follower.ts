import type { NodeId } from '../../core/node-id.ts';
import {
  type Entry,
  type RaftLog,
  appendAt,
  lastIndexOf,
  lastIndexWithTermUpTo,
  termAt,
} from './log.ts';
import type { Append } from './messages.ts';
import type { RaftState } from './state.ts';
import { type Turn, appended, send } from './turn.ts';

/**
 * AppendEntries at a follower (§5.3). The answer leaves once all it vouches for is durable, and
 * vouches for nothing but what this message held: entries further on may be a deposed leader's.
 */
export function onAppend(turn: Turn, from: NodeId, append: Append): void {
  const { state } = turn;
  const { log, term, counters } = state;
  const { previousIndex, previousTerm, entries } = append;
  if (previousIndex >= log.baseIndex && termAt(log, previousIndex) !== previousTerm) {
    counters.appendsRefused += 1;
    const hintIndex = lastIndexWithTermUpTo(log, previousIndex, previousTerm);
    const hintTerm = termAt(log, hintIndex) ?? 0;
    send(turn, from, { kind: 'append-refusal', term, previousIndex, hintIndex, hintTerm });
    return;
  }
  const matchIndex = previousIndex + entries.length;
  const skipped = countKnown(log, previousIndex, entries);
  if (skipped < entries.length) {
    const index = previousIndex + skipped + 1;
    if (index <= state.commitIndex) {
      // No leader has other entries than those committed (§5.4.3): whoever sent this is none.
      counters.messagesIgnored += 1;
      return;
    }
    if (index <= lastIndexOf(log)) counters.truncations += 1;
    counters.entriesAppended += entries.length - skipped;
    appendAt(log, index, skipped === 0 ? entries : entries.slice(skipped));
    appended(turn, index);
  }
  learnCommit(state, Math.min(append.commitIndex, matchIndex));
  send(turn, from, { kind: 'append-reply', term, matchIndex });
}

/**
 * How many of the entries, from the first, are in the log or below its base. Those are left as they
 * are, and what follows them stays: a late message must not cut off what a later one brought.
 */
function countKnown(log: RaftLog, previousIndex: number, entries: readonly Entry[]): number {
  let known = Math.max(0, Math.min(log.baseIndex - previousIndex, entries.length));
  while (
    known < entries.length &&
    termAt(log, previousIndex + known + 1) === entries[known]?.term
  ) {
    known += 1;
  }
  return known;
}

/** The index is one up to which this log is known to agree with the leader's. */
export function learnCommit(state: RaftState, index: number): void {
  const known = Math.min(index, lastIndexOf(state.log));
  state.commitIndex = Math.max(state.commitIndex, known);
}
