import type { NodeId } from '../core/node-id.ts';
import type { NodeStatus } from '../core/system.ts';
import type { Process } from './process.ts';

/** What a node says of itself; the host's counters have the names that they have in other worlds. */
export function statusOf(id: NodeId, { loop, wal }: Process): NodeStatus {
  const { role, term, leader, members, commitIndex, appliedIndex, counters } = loop.status();
  const { persists, syncs, writtenBytes, compactions } = wal.stats;
  return {
    ...{ id, role, term, commitIndex, appliedIndex },
    ...(leader === undefined ? {} : { leader }),
    ...(members === undefined ? {} : { members }),
    counters: {
      walPersists: persists,
      walSyncs: syncs,
      walWrittenBytes: writtenBytes,
      walCompactions: compactions,
      ...counters,
    },
  };
}
