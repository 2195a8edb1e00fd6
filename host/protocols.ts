import { paxos } from '../protocols/paxos/paxos.ts';
import { raft } from '../protocols/raft/raft.ts';
import { replicate } from '../protocols/replica/index.ts';
import type { ProtocolIndex } from './program.ts';

/** Every protocol that a node can run, by name. */
export const protocols = {
  raft: replicate(raft),
  paxos: replicate(paxos),
} as unknown as ProtocolIndex;
