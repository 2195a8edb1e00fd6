import type { Invariant } from '../core/invariant.ts';
import { paxosInvariants } from './paxos/invariants.ts';
import { entryAt as entryInSlot } from './paxos/slot-log.ts';
import type { PaxosState } from './paxos/state.ts';
import { raftInvariants } from './raft/invariants.ts';
import { entryAt } from './raft/log.ts';
import type { RaftState } from './raft/state.ts';
import { insideReplica, replicaInvariants } from './replica/invariants.ts';

/** What must hold of the nodes of the stores that come with dtest, by store. */
export const storeInvariants = {
  raft: [
    ...raftInvariants.map(insideReplica<RaftState>),
    ...replicaInvariants<RaftState>(({ log }, index) => entryAt(log, index)),
  ],
  paxos: [
    ...paxosInvariants.map(insideReplica<PaxosState>),
    ...replicaInvariants<PaxosState>(({ log }, slot) => entryInSlot(log, slot)),
  ],
} as const satisfies Readonly<Record<string, readonly Invariant[]>>;
