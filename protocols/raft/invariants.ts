import type { NodeId } from '../../core/node-id.ts';
import type { Invariant } from '../testing/surroundings.ts';
import { type Entry, type RaftLog, entryAt, lastIndexOf, termAt } from './log.ts';
import type { RaftMessage } from './messages.ts';
import type { RaftState } from './state.ts';

type RaftInvariant = Invariant<RaftState, RaftMessage>;

/** "At most one leader can be elected in a given term" (figure 3). */
export const electionSafety: RaftInvariant = {
  name: 'election safety',
  watch() {
    const leaders = new Map<number, NodeId>();
    return ({ state: { role, term, self } }) => {
      if (role !== 'leader') return null;
      const leader = leaders.get(term) ?? self;
      leaders.set(term, leader);
      return leader === self ? null : `term ${term} has two leaders, ${leader} and ${self}`;
    };
  },
};

/** "A leader never overwrites or deletes entries in its log; it only appends" (figure 3). */
export const leaderAppendOnly: RaftInvariant = {
  name: 'leader append-only',
  watch() {
    const seen = new Map<NodeId, { readonly term: number; readonly lastIndex: number }>();
    return ({ node, state: { role, term, log } }) => {
      const before = seen.get(node);
      if (role !== 'leader') {
        seen.delete(node);
        return null;
      }
      const lastIndex = lastIndexOf(log);
      seen.set(node, { term, lastIndex });
      if (before?.term !== term) return null;
      return lastIndex >= before.lastIndex ? null : `${node} cut its log to ${lastIndex}`;
    };
  },
};

/**
 * "If two logs contain an entry with the same index and term, then the logs are identical in all
 * entries up through the given index" (figure 3): for each index and term there is one command and,
 * by induction, one entry before it.
 */
export const logMatching: RaftInvariant = {
  name: 'log matching',
  watch() {
    const known = new Map<string, { readonly command: string; readonly previousTerm: number }>();
    const seen = new Map<NodeId, Map<number, Entry>>();
    const check = (log: RaftLog, index: number, entry: Entry): string | null => {
      const previousTerm = termAt(log, index - 1) ?? 0;
      const command = JSON.stringify(entry.command);
      const place = `${index}/${entry.term}`;
      const first = known.get(place) ?? { command, previousTerm };
      known.set(place, first);
      if (first.command === command && first.previousTerm === previousTerm) return null;
      const one = `${first.command} after term ${first.previousTerm}`;
      return `${place} is ${one} here, ${command} after term ${previousTerm} there`;
    };
    return ({ node, state: { log } }) => {
      const before = seen.get(node) ?? new Map<number, Entry>();
      seen.set(node, before);
      // Entries are never changed in place: all before one that was there already were there too.
      for (let index = lastIndexOf(log); index > log.baseIndex; index--) {
        const entry = entryAt(log, index);
        if (entry === undefined || before.get(index) === entry) return null;
        before.set(index, entry);
        const wrong = check(log, index, entry);
        if (wrong !== null) return wrong;
      }
      return null;
    };
  },
};

/**
 * "If a log entry is committed in a given term, then that entry will be present in the logs of the
 * leaders for all higher-numbered terms" (figure 3).
 */
export const leaderCompleteness: RaftInvariant = {
  name: 'leader completeness',
  watch() {
    /** By index: the entry's term, and the term in which it was first seen to be committed. */
    const committed: { readonly term: number; readonly inTerm: number }[] = [];
    const led = new Set<string>();
    const lacks = ({ self, term, log }: RaftState): string | null => {
      for (let index = log.baseIndex + 1; index <= committed.length; index++) {
        const entry = committed[index - 1];
        if (entry === undefined || entry.inTerm >= term) continue;
        if (termAt(log, index) === entry.term) continue;
        return `${self} leads term ${term} without entry ${index}/${entry.term}`;
      }
      return null;
    };
    return ({ state }) => {
      const { log, commitIndex, term, role, self } = state;
      for (let index = committed.length + 1; index <= commitIndex; index++) {
        committed.push({ term: termAt(log, index) ?? 0, inTerm: term });
      }
      if (role !== 'leader' || led.has(`${self}/${term}`)) return null;
      led.add(`${self}/${term}`);
      return lacks(state);
    };
  },
};

export const raftInvariants: readonly RaftInvariant[] = [
  electionSafety,
  leaderAppendOnly,
  logMatching,
  leaderCompleteness,
];
