import type { NodeId } from '../core/node-id.ts';
import type { ConsensusOptions } from './consensus.ts';

/**
 * Who votes before the first change of members: what the setting `members` lists, with commas between,
 * or every machine where it says `all`, as it does unless set. Every machine of a cluster has the same
 * setting, those that wait to be added too.
 */
export function firstMembers({
  nodes,
  settings,
}: Pick<ConsensusOptions, 'nodes' | 'settings'>): readonly NodeId[] {
  const { members = 'all' } = settings;
  if (members === 'all') return nodes;
  const listed = members.split(',').map((each) => each.trim());
  if (areMembers(listed, nodes)) return listed;
  const known = nodes.join(', ');
  throw new Error(
    `expected the setting members to list some of ${known}, or to be all, got '${members}'`,
  );
}

/** Whether these can be the members of a cluster of these machines: some of them, and none twice. */
export function areMembers(listed: readonly NodeId[], nodes: readonly NodeId[]): boolean {
  const distinct = new Set(listed);
  if (distinct.size !== listed.length || listed.length === 0) return false;
  return listed.every((each) => nodes.includes(each));
}
