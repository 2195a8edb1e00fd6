import { type Node, type Pausable, isPausable } from '../core/cluster.ts';
import type { Cluster } from '../core/cluster.ts';
import type { NodeId } from '../core/node-id.ts';
import type { Nemesis } from '../core/nemesis.ts';
import { chooseNodes, listed, nodeOf, nodeVariants } from './targets.ts';

/** Stops nodes in their tracks, as a long garbage collection or a suspended machine would. */
export const pause: Nemesis = {
  name: 'pause',
  summary: 'stops the processes of nodes and lets them go on later',
  variants: nodeVariants,
  sparing: nodeVariants,
  misfit: (cluster) =>
    cluster.nodes.every(isPausable) ? null : `the ${cluster.world} world cannot pause nodes`,
  choose(variant, context) {
    const targets = chooseNodes(variant, context);
    if (targets === null) return null;
    const summary = `${listed(targets, context.leader)} paused`;
    return { kind: 'pause', variant, targets, summary, data: {} };
  },
  async inject({ targets }, cluster) {
    await Promise.all(pausables(cluster, targets).map((node) => node.pause()));
    return { paused: targets };
  },
  async heal({ targets }, cluster) {
    await Promise.all(pausables(cluster, targets).map((node) => node.resume()));
    return { resumed: targets };
  },
};

function pausables(cluster: Cluster, targets: readonly NodeId[]): (Node & Pausable)[] {
  return targets.map((id) => {
    const node = nodeOf(cluster, id);
    if (!isPausable(node)) throw new Error(`expected ${id} to be pausable, it is not`);
    return node;
  });
}
