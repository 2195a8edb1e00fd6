import { isPowered } from '../core/cluster.ts';
import type { Nemesis } from '../core/nemesis.ts';
import { chooseNodes, listed, nodeOf, nodeVariants, withPower } from './targets.ts';

/** The plug is pulled: the process dies, and the disk loses what was not synced, or tears it. */
export const power: Nemesis = {
  name: 'power',
  summary: 'cuts the power of nodes, or of all at once: what was not synced is lost or torn',
  variants: [...nodeVariants, 'all'],
  worlds: ['sim'],
  misfit: (cluster) =>
    cluster.nodes.every(isPowered) ? null : `the ${cluster.world} world cannot cut power`,
  choose(variant, context) {
    const isAll = variant === 'all';
    const targets = isAll ? context.nodes : chooseNodes(variant, context);
    if (targets === null) return null;
    const summary = isAll
      ? 'power cut everywhere'
      : `power of ${listed(targets, context.leader)} cut`;
    return {
      kind: 'power',
      variant,
      targets,
      summary,
      data: {},
      ...(isAll ? { alone: true } : {}),
    };
  },
  async inject({ targets }, cluster) {
    for (const node of withPower(cluster, targets)) await node.losePower();
    return { dark: targets };
  },
  async heal({ targets }, cluster) {
    for (const id of targets) await nodeOf(cluster, id).start();
    return { running: targets };
  },
};
