import type { Nemesis } from '../core/nemesis.ts';
import { chooseNodes, listed, nodeOf, nodeVariants } from './targets.ts';

/** SIGKILL, and a start on the same data when it heals. What was synced survives. */
export const kill: Nemesis = {
  name: 'kill',
  summary: 'kills nodes with SIGKILL and starts them again on their data',
  variants: nodeVariants,
  sparing: nodeVariants,
  misfit: () => null,
  choose(variant, context) {
    const targets = chooseNodes(variant, context);
    if (targets === null) return null;
    const summary = `${listed(targets, context.leader)} killed`;
    return { kind: 'kill', variant, targets, summary, data: {} };
  },
  async inject({ targets }, cluster) {
    const nodes = targets.map((id) => nodeOf(cluster, id));
    await Promise.all(nodes.map((node) => node.kill()));
    for (const node of nodes) {
      if (await node.isRunning()) throw new Error(`expected ${node.id} to be dead, but it runs`);
    }
    return { dead: targets };
  },
  async heal({ targets }, cluster) {
    const nodes = targets.map((id) => nodeOf(cluster, id));
    await Promise.all(nodes.map((node) => node.start()));
    for (const node of nodes) {
      if (!(await node.isRunning())) throw new Error(`expected ${node.id} to run, but it is dead`);
    }
    return { running: targets };
  },
};
