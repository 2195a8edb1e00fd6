import type { Address } from '../../core/cluster.ts';
import type { NodeId } from '../../core/node-id.ts';
import type { NodeStatus } from '../../core/system.ts';
import { openResp } from '../resp-connection.ts';

/** After this long without its status, a node counts as not answering. */
const deadlineMs = 500;

/** Asks for INFO. A server that loads its file answers too, but serves nobody yet. */
export async function inspectRedis(id: NodeId, address: Address): Promise<NodeStatus> {
  const connection = await openResp(address, deadlineMs);
  try {
    const answer = await connection.ask([['INFO']], deadlineMs);
    if (answer.kind === 'lost') throw new Error(`no INFO from ${id}: ${answer.reason}`);
    const [reply] = answer.replies;
    if (reply?.kind === 'bulk' && reply.value !== null) return statusOf(id, reply.value);
    throw new Error(`expected INFO from ${id}, got ${JSON.stringify(reply)}`);
  } finally {
    connection.close();
  }
}

/** Counters of INFO that tell what the server did, by our names for them. */
const counted = {
  commands: 'total_commands_processed',
  connections: 'total_connections_received',
  inputBytes: 'total_net_input_bytes',
  outputBytes: 'total_net_output_bytes',
  memoryBytes: 'used_memory',
  delayedFsyncs: 'aof_delayed_fsync',
} as const;

export function statusOf(id: NodeId, info: string): NodeStatus {
  const fields = new Map(
    info.split('\r\n').flatMap((line) => {
      const at = line.indexOf(':');
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );
  const numberOf = (name: string): number => Number(fields.get(name) ?? 0) || 0;
  const serves = fields.get('role') === 'master' && fields.get('loading') === '0';
  const offset = numberOf('master_repl_offset');
  return {
    ...{ id, term: 0, commitIndex: offset, appliedIndex: offset },
    role: serves ? 'leader' : 'other',
    ...(serves ? { leader: id } : {}),
    counters: Object.fromEntries(
      Object.entries(counted).map(([name, theirs]) => [name, numberOf(theirs)]),
    ),
  };
}
