import type { NodeId } from '../core/node-id.ts';
import type { NodeStatus } from '../core/system.ts';
import type { Process } from './process.ts';

/** What a node says of itself. Counters are counted when they are looked at: most looks are at the rest. */
export function statusOf(id: NodeId, process: Process): NodeStatus {
  const { role, term, leader, members, commitIndex, appliedIndex } = process.loop.status();
  const status: Mutable<NodeStatus> = {
    id,
    role,
    term,
    commitIndex,
    appliedIndex,
    get counters() {
      return countersOf(process);
    },
  };
  if (leader !== undefined) status.leader = leader;
  if (members !== undefined) status.members = members;
  return status;
}

type Mutable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

/** The host's have the names that they have in other worlds. */
function countersOf({ loop, wal }: Process): NodeStatus['counters'] {
  const { persists, syncs, writtenBytes, compactions } = wal.stats();
  return {
    walPersists: persists,
    walSyncs: syncs,
    walWrittenBytes: writtenBytes,
    walCompactions: compactions,
    ...loop.status().counters,
  };
}
