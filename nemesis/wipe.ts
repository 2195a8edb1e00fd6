import type { Nemesis } from '../core/nemesis.ts';
import { chooseNodes, listed, nodeVariants, nodesWithDisks } from './targets.ts';

/** A node comes back under its old name with an empty disk, and has forgotten all that it promised. */
export const wipe: Nemesis = {
  name: 'wipe',
  summary: 'stops nodes, empties their disks, and starts them again under their old names',
  variants: nodeVariants,
  worlds: ['sim'],
  outside: 'disks lose everything that was synced',
  misfit: (cluster) =>
    nodesWithDisks(cluster) === null ? `the ${cluster.world} world cannot wipe disks` : null,
  choose(variant, context) {
    const targets = chooseNodes(variant, context);
    if (targets === null) return null;
    const summary = `disk of ${listed(targets, context.leader)} wiped`;
    return { kind: 'wipe', variant, targets, summary, data: {} };
  },
  async inject({ targets }, cluster) {
    for (const node of nodesWithDisks(cluster, targets) ?? []) {
      await node.kill();
      await node.wipeDisk();
    }
    return { wiped: targets };
  },
  async heal({ targets }, cluster) {
    for (const node of nodesWithDisks(cluster, targets) ?? []) await node.start();
    return { running: targets };
  },
};
