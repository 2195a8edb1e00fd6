import { type Link, type LinkFlaws, isFlawable } from '../core/cluster.ts';
import type { Nemesis } from '../core/nemesis.ts';

/** Links that lose, repeat or delay messages for a while; some of them, or all. */
export const flaky: Nemesis = {
  name: 'flaky',
  summary: 'makes links lose messages, deliver them twice, or delay them so that others overtake',
  variants: ['loss', 'duplication', 'slow'],
  worlds: ['sim'],
  misfit: (cluster) =>
    isFlawable(cluster.network) ? null : `the ${cluster.world} world has no flaws for links`,
  choose(variant, { nodes, rng }) {
    const flaws = kinds[variant]?.(rng.pick([0.05, 0.2, 0.5]));
    if (flaws === undefined) throw new Error(`expected a known flaw, got ${variant}`);
    const share = rng.pick([0.3, 1]);
    const links = nodes.flatMap((from) =>
      nodes.flatMap((to) => (from !== to && rng.float() < share ? [{ from, to, ...flaws }] : [])),
    );
    const summary = `${variant} on ${links.length} links`;
    return { kind: 'flaky', variant, targets: [], summary, data: { links } };
  },
  async inject({ data }, { network }) {
    if (!isFlawable(network)) throw new Error('expected a network whose links can have flaws');
    const links = data.links as unknown as readonly (Link & LinkFlaws)[];
    await network.flaw(links);
    return { links: links.length };
  },
  async heal(_fault, { network }) {
    if (isFlawable(network)) await network.flaw([]);
    return { links: 0 };
  },
};

const kinds: Readonly<Record<string, (share: number) => LinkFlaws>> = {
  loss: (share) => ({ loss: share, duplication: 0, slowMs: 0 }),
  duplication: (share) => ({ loss: 0, duplication: share, slowMs: 0 }),
  slow: (share) => ({ loss: 0, duplication: 0, slowMs: 500 * share }),
};
