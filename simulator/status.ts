import type { NodeId } from '../core/node-id.ts';
import type { Counters } from '../core/protocol.ts';
import type { NodeStatus } from '../core/system.ts';
import type { Process } from './process.ts';

/** What a node says of itself. Counters are counted when they are looked at: most looks are at the rest. */
export function statusOf(id: NodeId, process: Process): NodeStatus {
  return new Status(id, process);
}

/** A class, because an object that is given an accessor of its own is dear to make. */
class Status implements NodeStatus {
  readonly id: NodeId;
  readonly role: NodeStatus['role'];
  readonly term: number;
  declare readonly leader?: NodeId;
  declare readonly members?: readonly NodeId[];
  readonly commitIndex: number;
  readonly appliedIndex: number;
  readonly #process: Process;

  constructor(id: NodeId, process: Process) {
    const { role, term, leader, members, commitIndex, appliedIndex } = process.loop.status();
    this.id = id;
    this.role = role;
    this.term = term;
    if (leader !== undefined) this.leader = leader;
    if (members !== undefined) this.members = members;
    this.commitIndex = commitIndex;
    this.appliedIndex = appliedIndex;
    this.#process = process;
  }

  get counters(): Counters {
    return countersOf(this.#process);
  }
}

/** The host's have the names that they have in other worlds. */
function countersOf({ loop, wal }: Process): Counters {
  const { persists, syncs, writtenBytes, compactions } = wal.stats();
  return {
    walPersists: persists,
    walSyncs: syncs,
    walWrittenBytes: writtenBytes,
    walCompactions: compactions,
    ...loop.counters(),
  };
}
