import { paxos } from '../protocols/paxos/paxos.ts';
import { raft } from '../protocols/raft/raft.ts';
import { replicate } from '../protocols/replica/index.ts';
import type { ProtocolIndex } from './program.ts';

/** What the host can run, by the name that its config gives. */
export const protocols: ProtocolIndex = {
  raft: replicate(raft),
  paxos: replicate(paxos),
};
