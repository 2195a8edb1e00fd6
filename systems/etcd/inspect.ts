import type { Address } from '../../core/cluster.ts';
import type { NodeId } from '../../core/node-id.ts';
import type { NodeStatus } from '../../core/system.ts';
import { type GrpcSession, openGrpc } from './grpc-session.ts';
import {
  type Call,
  type MemberStatus,
  memberListCall,
  readMemberList,
  readStatus,
  statusCall,
} from './messages.ts';

/** After this long without its status, a node counts as not answering. */
const deadlineMs = 500;

/** Asks a node who leads and how far it is. Rejects when it does not say within the deadline. */
export async function inspectEtcd(id: NodeId, address: Address): Promise<NodeStatus> {
  const session = await openGrpc(address, deadlineMs);
  try {
    const status = readStatus(await answerTo(session, statusCall));
    // Any member knows the list, and says it without asking the others.
    const names = readMemberList(await answerTo(session, memberListCall));
    return statusOf(id, status, names);
  } finally {
    session.close();
  }
}

async function answerTo(session: GrpcSession, call: Call): Promise<Uint8Array> {
  const result = await session.call(call, deadlineMs);
  if (result.kind === 'ok') return result.body;
  const why = result.kind === 'status' ? result.text : result.reason;
  throw new Error(`expected an answer to ${call.path} within ${deadlineMs} ms, got ${why}`);
}

function statusOf(
  id: NodeId,
  { member, leader, ...status }: MemberStatus,
  names: ReadonlyMap<string, NodeId>,
): NodeStatus {
  const leaderName = names.get(leader);
  return {
    ...{ id, term: status.term, members: [...names.values()].sort() },
    role: leader === member ? 'leader' : leader === '0' ? 'candidate' : 'follower',
    ...(leaderName === undefined ? {} : { leader: leaderName }),
    commitIndex: status.raftIndex,
    appliedIndex: status.appliedIndex,
    counters: { databaseBytes: status.databaseBytes },
  };
}
