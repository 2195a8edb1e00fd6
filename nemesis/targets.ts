import {
  type Cluster,
  type Disked,
  type Node,
  type Powered,
  isDisked,
  isPowered,
} from '../core/cluster.ts';
import type { FaultContext } from '../core/nemesis.ts';
import type { NodeId } from '../core/node-id.ts';

/** Which nodes a fault of whole nodes hits. */
export const nodeVariants = ['one', 'leader', 'minority'] as const;

/**
 * The nodes for a variant, among those that no other fault holds back, never so many that the rest is
 * no quorum; null when none is left.
 */
export function chooseNodes(variant: string, context: FaultContext): readonly NodeId[] | null {
  const { nodes, leader, afflicted, maxAfflicted, rng } = context;
  const healthy = nodes.filter((node) => !afflicted.has(node));
  const room = Math.min(healthy.length, maxAfflicted - afflicted.size);
  if (room <= 0) return null;
  switch (variant) {
    case 'one':
      return [rng.pick(healthy)];
    case 'leader':
      return [leader !== undefined && healthy.includes(leader) ? leader : rng.pick(healthy)];
    case 'minority':
      return rng.shuffle(healthy).slice(0, room).sort();
    default:
      throw new Error(`expected one of ${nodeVariants.join(', ')}, got ${variant}`);
  }
}

/** A node that no other fault holds back; null when there is none. */
export function chooseHealthy({ nodes, afflicted, rng }: FaultContext): NodeId | null {
  const healthy = nodes.filter((node) => !afflicted.has(node));
  return healthy.length === 0 ? null : rng.pick(healthy);
}

export function withPower(cluster: Cluster, targets: readonly NodeId[]): (Node & Powered)[] {
  return targets.map((id) => {
    const node = nodeOf(cluster, id);
    if (!isPowered(node)) throw new Error(`expected ${id} to have a plug to pull`);
    return node;
  });
}

/** These nodes, or all; null where not every one has a disk that can be got at. */
export function nodesWithDisks(
  { nodes }: Cluster,
  targets?: readonly NodeId[],
): (Node & Disked)[] | null {
  const chosen = nodes.filter(({ id }) => targets?.includes(id) ?? true);
  const found = chosen.filter(isDisked);
  return found.length === chosen.length ? found : null;
}

export function nodeOf(cluster: Cluster, id: NodeId): Node {
  const node = cluster.nodes.find((each) => each.id === id);
  if (node === undefined) throw new Error(`expected a node of the cluster, got ${id}`);
  return node;
}

/** `n3 (leader), n5` */
export function listed(targets: readonly NodeId[], leader: NodeId | undefined): string {
  return targets.map((node) => (node === leader ? `${node} (leader)` : node)).join(', ');
}
