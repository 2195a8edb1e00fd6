import {
  type Cluster,
  type Disked,
  type DiskTrouble,
  type Node,
  healthyDisk,
  isDisked,
} from '../core/cluster.ts';
import type { Nemesis } from '../core/nemesis.ts';
import type { NodeId } from '../core/node-id.ts';
import { chooseNodes, nodeOf } from './targets.ts';

/** A disk that is slow, full or broken for a while. A node that stops for it is started again after. */
export const disk: Nemesis = {
  name: 'disk',
  summary: 'makes the disk of a node slow, full, or unable to sync',
  variants: ['slow', 'full', 'sync-error'],
  worlds: ['sim'],
  misfit: (cluster) =>
    cluster.nodes.every(isDisked) ? null : `the ${cluster.world} world cannot trouble disks`,
  choose(variant, context) {
    const targets = chooseNodes('one', context);
    if (targets === null) return null;
    const trouble = troubles[variant]?.(context.rng.pick([50, 200, 1000]));
    if (trouble === undefined) throw new Error(`expected a known trouble, got ${variant}`);
    const summary = `disk of ${targets.join(', ')}: ${variant}`;
    return { kind: 'disk', variant, targets, summary, data: { trouble: { ...trouble } } };
  },
  async inject({ targets, data }, cluster) {
    const trouble = data.trouble as unknown as DiskTrouble;
    for (const node of disked(cluster, targets)) await node.troubleDisk(trouble);
    return data;
  },
  async heal({ targets }, cluster) {
    for (const node of disked(cluster, targets)) {
      await node.troubleDisk(healthyDisk);
      await node.start();
    }
    return { healthy: targets };
  },
};

const troubles: Readonly<Record<string, (slowMs: number) => DiskTrouble>> = {
  slow: (slowMs) => ({ ...healthyDisk, slowMs }),
  full: () => ({ ...healthyDisk, full: true }),
  'sync-error': () => ({ ...healthyDisk, failingSyncs: 1 }),
};

function disked(cluster: Cluster, targets: readonly NodeId[]): (Node & Disked)[] {
  return targets.map((id) => {
    const node = nodeOf(cluster, id);
    if (!isDisked(node)) throw new Error(`expected ${id} to have a disk that can be troubled`);
    return node;
  });
}
