import { type PowerMoment, isPowered } from '../core/cluster.ts';
import type { Fault, FaultContext, Nemesis } from '../core/nemesis.ts';
import { chooseNodes, listed, nodeOf, nodeVariants, withPower } from './targets.ts';

/**
 * The plug is pulled: the process dies, and the disk loses what was not synced, or tears it. That seldom
 * falls into the short time between a word and the sync that it needs, or between a sync and what has to
 * follow it, so `after-sending` and `after-syncing` wait for such a moment, and power comes back at once.
 */
export const power: Nemesis = {
  name: 'power',
  summary: 'cuts the power of nodes, or of all at once: what was not synced is lost or torn',
  variants: [...nodeVariants, 'all', 'after-sending', 'after-syncing'],
  sparing: nodeVariants,
  worlds: ['sim'],
  misfit: (cluster) =>
    cluster.nodes.every(isPowered) ? null : `the ${cluster.world} world cannot cut power`,
  choose(variant, context) {
    if (variant === 'after-sending') return failing('sending', context);
    if (variant === 'after-syncing') return failing('syncing', context);
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
      const moment = data.moment === 'syncing' ? 'syncing' : 'sending';
      for (const node of nodes) await node.failAfter(moment, data.share);
      return { armed: targets };
    }
    for (const node of nodes) await node.losePower();
    return { dark: targets };
  },
  async heal({ targets }, cluster) {
    for (const node of withPower(cluster, targets)) await node.neverFail();
    for (const id of targets) await nodeOf(cluster, id).start();
    return { running: targets };
  },
};

const sharesAt: Readonly<Record<PowerMoment, readonly number[]>> = {
  sending: [0.02, 0.2, 1],
  // Whoever fails after every sync never gets anywhere.
  syncing: [0.02, 0.1, 0.3],
};

function failing(moment: PowerMoment, context: FaultContext): Fault | null {
  const targets = chooseNodes('minority', context);
  if (targets === null) return null;
  const share = context.rng.pick(sharesAt[moment]);
  const when = moment === 'sending' ? 'what is sent before it is synced' : 'what is synced';
  const summary = `power of ${listed(targets, context.leader)} fails after ${share} of ${when}`;
  return { kind: 'power', variant: `after-${moment}`, targets, summary, data: { moment, share } };
}
