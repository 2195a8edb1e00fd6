import type { Invariant } from '../core/invariant.ts';
import type { NodeId } from '../core/node-id.ts';
import { paxosInvariants } from './paxos/invariants.ts';
import { entryAt as entryInSlot } from './paxos/slot-log.ts';
import type { PaxosState } from './paxos/state.ts';
import { raftInvariants } from './raft/invariants.ts';
import { entryAt } from './raft/log.ts';
import type { RaftState } from './raft/state.ts';
import { insideReplica, replicaInvariants } from './replica/invariants.ts';

/** Who votes, where nobody else is known to have done so or to be about to. */
function onlyMembersInLog({ log: { configurations } }: RaftState): readonly NodeId[] | null {
  const [only, other] = configurations;
  return other === undefined ? (only?.configuration.members ?? null) : null;
}

function onlyMembersOfSlots({ configurations }: PaxosState): readonly NodeId[] | null {
  const [only, other] = configurations;
  return other === undefined && only?.slot === 0 ? only.members : null;
}

/** What must hold of the nodes of the stores that come with dtest, by store. */
export const storeInvariants = {
  raft: [
    ...raftInvariants.map(insideReplica<RaftState>),
    ...replicaInvariants<RaftState>(({ log }, index) => entryAt(log, index), onlyMembersInLog),
  ],
  paxos: [
    ...paxosInvariants.map(insideReplica<PaxosState>),
    ...replicaInvariants<PaxosState>(({ log }, slot) => entryInSlot(log, slot), onlyMembersOfSlots),
  ],
} as const satisfies Readonly<Record<string, readonly Invariant[]>>;
