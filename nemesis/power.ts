import { isPowered } from '../core/cluster.ts';
import type { Fault, FaultContext, Nemesis } from '../core/nemesis.ts';
import { chooseNodes, listed, nodeOf, nodeVariants, withPower } from './targets.ts';

/**
 * The plug is pulled: the process dies, and the disk loses what was not synced, or tears it. That seldom
 * falls into the short time between a word and the sync that it needs, so `after-sending` waits for such
 * a moment, and power comes back at once.
 */
export const power: Nemesis = {
  name: 'power',
  summary: 'cuts the power of nodes, or of all at once: what was not synced is lost or torn',
  variants: [...nodeVariants, 'all', 'after-sending'],
  sparing: nodeVariants,
  worlds: ['sim'],
  misfit: (cluster) =>
    cluster.nodes.every(isPowered) ? null : `the ${cluster.world} world cannot cut power`,
  choose(variant, context) {
    if (variant === 'after-sending') return failing(context);
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
  async inject({ targets, data }, cluster) {
    const nodes = withPower(cluster, targets);
    if (typeof data.share === 'number') {
      for (const node of nodes) await node.failAfterSending(data.share);
      return { armed: targets };
    }
    for (const node of nodes) await node.losePower();
    return { dark: targets };
  },
  async heal({ targets }, cluster) {
    for (const node of withPower(cluster, targets)) await node.failAfterSending(0);
    for (const id of targets) await nodeOf(cluster, id).start();
    return { running: targets };
  },
};

function failing(context: FaultContext): Fault | null {
  const targets = chooseNodes('minority', context);
  if (targets === null) return null;
  const share = context.rng.pick([0.02, 0.2, 1]);
  const summary = `power of ${listed(targets, context.leader)} fails after ${share} of what is sent before it is synced`;
  return { kind: 'power', variant: 'after-sending', targets, summary, data: { share } };
}
