import type { Nemesis } from '../core/nemesis.ts';
import { listed, nodesWithDisks } from './targets.ts';

/**
 * Bits of a stopped node's disk turn around, as on a platter that rots: what was synced is not what is
 * read. A node that refuses to start on such a disk does right, and stays away for good; so it is the
 * same minority that is hit again and again, the last nodes by name.
 */
export const corrupt: Nemesis = {
  name: 'corrupt',
  summary: 'stops nodes, turns a few bits of their disks around, and starts them again',
  variants: ['one', 'minority'],
  worlds: ['sim'],
  outside: 'disks give back other bits than were synced',
  misfit: (cluster) =>
    nodesWithDisks(cluster) === null ? `the ${cluster.world} world cannot spoil disks` : null,
  choose(variant, context) {
    const { nodes, afflicted, maxAfflicted, rng } = context;
    const minority = nodes.slice(nodes.length - maxAfflicted);
    const healthy = minority.filter((node) => !afflicted.has(node));
    if (healthy.length === 0 || afflicted.size + healthy.length > maxAfflicted) return null;
    const targets = variant === 'one' ? [rng.pick(healthy)] : healthy;
    const bits = rng.pick([1, 1, 3, 10]);
    const summary = `${bits} bits of the disk of ${listed(targets, context.leader)} flipped`;
    return { kind: 'corrupt', variant, targets, summary, data: { bits } };
  },
  async inject({ targets, data }, cluster) {
    let flipped = 0;
    for (const node of nodesWithDisks(cluster, targets) ?? []) {
      await node.kill();
      for (let bit = 0; bit < Number(data.bits); bit++) flipped += (await node.flipBit()) ? 1 : 0;
    }
    return { flipped };
  },
  async heal({ targets }, cluster) {
    for (const node of nodesWithDisks(cluster, targets) ?? []) await node.start();
    return { started: targets };
  },
};
