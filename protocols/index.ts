import { paxos } from './paxos/paxos.ts';
import { raft } from './raft/raft.ts';
import { replicate } from './replica/index.ts';

/** The stores that come with dtest, by name. */
export const protocols = {
  raft: replicate(raft),
  paxos: replicate(paxos),
} as const;
