import type { Invariant } from '../../core/invariant.ts';
import type { NodeId } from '../../core/node-id.ts';
import { sameData } from '../../core/same-data.ts';
import { type Entry, type RaftLog, entryAt, lastIndexOf, termAt } from './log.ts';
import { meetingQuorums, settledBeforeChange } from './member-invariants.ts';
import type { RaftState } from './state.ts';
import { keptVotes } from './vote-invariants.ts';

type RaftInvariant = Invariant<RaftState>;

/** "At most one leader can be elected in a given term" (figure 3). */
export const electionSafety: RaftInvariant = {
  name: 'election safety',
  summary: 'At most one leader can be elected in a given term (Raft, figure 3).',
  watch() {
    const leaders = new Map<number, NodeId>();
    return {
      look(_, { role, term, self }) {
        if (role !== 'leader') return null;
        const leader = leaders.get(term);
        if (leader === undefined) leaders.set(term, self);
        else if (leader !== self) return `term ${term} has two leaders, ${leader} and ${self}`;
        return null;
      },
    };
  },
};

/** "A leader never overwrites or deletes entries in its log; it only appends" (figure 3). */
export const leaderAppendOnly: RaftInvariant = {
  name: 'leader append-only',
  summary: 'A leader never overwrites or deletes entries in its log (Raft, figure 3).',
  watch() {
    const seen = new Map<NodeId, { term: number; lastIndex: number; last: Entry | undefined }>();
    return {
      look(node, { role, term, log }) {
        const before = seen.get(node);
        if (role !== 'leader') {
          if (before !== undefined) seen.delete(node);
          return null;
        }
        const lastIndex = lastIndexOf(log);
        const last = log.entries.at(-1);
        if (before?.term !== term) {
          seen.set(node, { term, lastIndex, last });
          return null;
        }
        const isKept = entryAt(log, before.lastIndex) === before.last;
        const isForgotten = before.lastIndex <= log.baseIndex;
        const cutTo = before.lastIndex;
        before.lastIndex = lastIndex;
        before.last = last;
        if (lastIndex < cutTo) return `${node} cut its log from ${cutTo} to ${lastIndex}`;
        return isKept || isForgotten ? null : `${node} overwrote its entry ${cutTo}`;
      },
    };
  },
};

/** The first that was seen with an index and a term, and the term of the one before it. */
interface Known {
  readonly entry: Entry;
  readonly previousTerm: number;
}

/**
 * "If two logs contain an entry with the same index and term, then the logs are identical in all
 * entries up through the given index" (figure 3): for each index and term there is one command and,
 * by induction, one entry before it.
 */
export const logMatching: RaftInvariant = {
  name: 'log matching',
  summary:
    'Logs that have an entry of one index and term in common are the same up to it (Raft, figure 3).',
  watch() {
    /** By index, the few entries of different terms that were seen there. */
    const known: Known[][] = [];
    const seen = new Map<NodeId, Entry[]>();
    const check = (log: RaftLog, index: number, entry: Entry): string | null => {
      const previousTerm = termAt(log, index - 1) ?? 0;
      const here = (known[index] ??= []);
      const first = here.find((each) => each.entry.term === entry.term);
      if (first === undefined) {
        here.push({ entry, previousTerm });
        return null;
      }
      const isSame = first.previousTerm === previousTerm && sameCommand(first.entry, entry);
      return isSame ? null : differenceOf(index, first, { entry, previousTerm });
    };
    return {
      look(node, { log }) {
        const before = seen.get(node) ?? [];
        seen.set(node, before);
        // Entries are never changed in place: all before one that was there already were there too.
        for (let index = lastIndexOf(log); index > log.baseIndex; index--) {
          const entry = entryAt(log, index);
          if (entry === undefined || before[index] === entry) return null;
          before[index] = entry;
          const wrong = check(log, index, entry);
          if (wrong !== null) return wrong;
        }
        return null;
      },
    };
  },
};

function sameCommand(one: Entry, other: Entry): boolean {
  if (one === other) return true;
  return sameData(one.command, other.command) && sameData(one.configuration, other.configuration);
}

function differenceOf(index: number, one: Known, other: Known): string {
  const [first, second] = [one, other].map(
    ({ entry, previousTerm }) => `${JSON.stringify(entry.command)} after term ${previousTerm}`,
  );
  return `${index}/${one.entry.term} is ${first} here, ${second} there`;
}

/**
 * By index from 1 on: an entry's term, and the term in which it was first seen to be committed. What
 * was committed and compacted away at once was not seen.
 */
type Committed = { readonly term: number | undefined; readonly inTerm: number }[];

/**
 * "If a log entry is committed in a given term, then that entry will be present in the logs of the
 * leaders for all higher-numbered terms" (figure 3).
 */
export const leaderCompleteness: RaftInvariant = {
  name: 'leader completeness',
  summary: 'What is committed is in the logs of all leaders of later terms (Raft, figure 3).',
  watch() {
    const committed: Committed = [];
    /** The last term that each node was seen to lead. */
    const led = new Map<NodeId, number>();
    return {
      look(_, state) {
        const { log, commitIndex, term, role, self } = state;
        for (let index = committed.length + 1; index <= commitIndex; index++) {
          committed.push({ term: termAt(log, index), inTerm: term });
        }
        if (role !== 'leader' || led.get(self) === term) return null;
        led.set(self, term);
        return lackOf(state, committed);
      },
    };
  },
};

function lackOf({ self, term, log }: RaftState, committed: Committed): string | null {
  for (let index = log.baseIndex + 1; index <= committed.length; index++) {
    const entry = committed[index - 1];
    if (entry?.term === undefined || entry.inTerm >= term) continue;
    if (termAt(log, index) === entry.term) continue;
    return `${self} leads term ${term} without entry ${index}/${entry.term}`;
  }
  return null;
}

/**
 * "If a server has applied a log entry at a given index to its state machine, no other server will
 * ever apply a different log entry for the same index" (figure 3); nor does a server that has
 * committed an entry ever hold another one there.
 */
export const stateMachineSafety: RaftInvariant = {
  name: 'state machine safety',
  summary: 'What is committed at an index is the same on all nodes, for good (Raft, figure 3).',
  watch() {
    const terms: number[] = [];
    const seen = new Map<NodeId, { state: RaftState; commitIndex: number }>();
    return {
      look(node, state) {
        const { log, commitIndex } = state;
        let before = seen.get(node);
        if (before?.state !== state) {
          before = { state, commitIndex: 0 };
          seen.set(node, before);
        }
        if (commitIndex < before.commitIndex) {
          return `${node} went back from commit index ${before.commitIndex} to ${commitIndex}`;
        }
        // The last that was committed before is looked at again: what is cut off takes it along.
        const from = Math.max(log.baseIndex + 1, before.commitIndex, 1);
        before.commitIndex = commitIndex;
        for (let index = from; index <= commitIndex; index++) {
          const term = termAt(log, index);
          if (term === undefined) return `${node} has no entry at the committed index ${index}`;
          terms[index] ??= term;
          if (terms[index] === term) continue;
          return `index ${index} was committed with term ${terms[index]}, ${node} has term ${term}`;
        }
        return null;
      },
    };
  },
};

export const raftInvariants: readonly RaftInvariant[] = [
  electionSafety,
  leaderAppendOnly,
  logMatching,
  leaderCompleteness,
  stateMachineSafety,
  keptVotes,
  meetingQuorums,
  settledBeforeChange,
];
