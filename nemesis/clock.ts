import { type Clocked, type Cluster, type Node, isClocked } from '../core/cluster.ts';
import type { Nemesis } from '../core/nemesis.ts';
import type { NodeId } from '../core/node-id.ts';
import { chooseHealthy, nodeOf } from './targets.ts';

/**
 * Sets monotonic clocks wrong: they jump ahead, as after a suspended machine, or run at another rate.
 * How far is drawn, from what protocols have to bear to what they may assume away.
 */
export const clock: Nemesis = {
  name: 'clock',
  summary: 'makes clocks of nodes jump ahead or run too fast or too slow',
  variants: ['jump', 'drift'],
  worlds: ['sim'],
  misfit: (cluster) =>
    cluster.nodes.every(isClocked) ? null : `the ${cluster.world} world cannot set clocks`,
  choose(variant, context) {
    const target = chooseHealthy(context);
    if (target === null) return null;
    const common = { kind: 'clock', variant, targets: [] };
    if (variant === 'jump') {
      const forwardMs = context.rng.pick([10, 100, 1000, 10_000]);
      return {
        ...common,
        summary: `${target} jumps ${forwardMs} ms ahead`,
        data: { target, forwardMs },
      };
    }
    const rate = context.rng.pick([0.5, 0.9, 0.99, 1.01, 1.1, 2]);
    return { ...common, summary: `${target} runs at ${rate} of true time`, data: { target, rate } };
  },
  async inject({ data }, cluster) {
    const node = clocked(cluster, data.target as NodeId);
    if (typeof data.forwardMs === 'number') await node.jumpClock(data.forwardMs);
    if (typeof data.rate === 'number') await node.setClockRate(data.rate);
    return data;
  },
  async heal({ data }, cluster) {
    await clocked(cluster, data.target as NodeId).setClockRate(1);
    return { rate: 1 };
  },
};

function clocked(cluster: Cluster, id: NodeId): Node & Clocked {
  const node = nodeOf(cluster, id);
  if (!isClocked(node)) throw new Error(`expected ${id} to have a clock that can be set`);
  return node;
}
