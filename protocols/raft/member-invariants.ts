import type { Invariant } from '../../core/invariant.ts';
import { type Configuration, type Placed, type Quorum, quorumsOf } from './configuration.ts';
import { configurationOf, termAt } from './log.ts';
import type { RaftState } from './state.ts';

/**
 * "It is never possible for two majorities to decide apart" (§6): of any two configurations that follow
 * each other in a log, every quorum of one meets every quorum of the other.
 */
export const meetingQuorums: Invariant<RaftState> = {
  name: 'meeting quorums',
  summary:
    'Quorums of configurations that follow each other in a log have a node in common (Raft §6).',
  watch() {
    const seen = new WeakSet<Placed>();
    return {
      look(node, { log: { configurations } }) {
        for (let at = configurations.length - 1; at > 0; at--) {
          const [before, after] = [configurations[at - 1], configurations[at]];
          if (before === undefined || after === undefined || seen.has(after)) return null;
          seen.add(after);
          if (doMeet(before.configuration, after.configuration)) continue;
          const places = `${before.index} and ${after.index}`;
          return `the configurations ${places} of ${node} have quorums that do not meet`;
        }
        return null;
      },
    };
  },
};

/**
 * A leader changes nothing about the members before an entry of its term is committed: a leader before
 * it may have changed something else that can still come to be, and the majorities of these two need not
 * meet (Ongaro's correction of 2015 to the dissertation's §4.1).
 */
export const settledBeforeChange: Invariant<RaftState> = {
  name: 'settled before change',
  summary:
    'A leader commits an entry of its term before it changes the members (Ongaro 2015, on raft-dev).',
  watch: () => ({
    look(node, { role, term, log, commitIndex }) {
      const { index } = configurationOf(log);
      if (role !== 'leader' || index <= commitIndex) return null;
      if (termAt(log, index) !== term || termAt(log, commitIndex) === term) return null;
      return `${node} changes the members at index ${index} in term ${term}, of which nothing is committed`;
    },
  }),
};

/** Of so many of these and so many of those, some are the same if there are not enough to go round. */
export function doMeet(one: Configuration, other: Configuration): boolean {
  return quorumsOf(one).some((left) => quorumsOf(other).some((right) => meets(left, right)));
}

function meets(left: Quorum, right: Quorum): boolean {
  const all = new Set([...left.voters, ...right.voters]);
  return left.count + right.count > all.size;
}
