import { type Link, type LinkFlaws, isFlawable } from '../core/cluster.ts';
import type { Fault, FaultContext, Nemesis } from '../core/nemesis.ts';
import { chooseNodes, listed } from './targets.ts';

/**
 * Links that lose, repeat or delay messages for a while; some of them, or all. Under `lag` one node, the
 * leader where there is one, hears everything later and later, and then is heard by nobody: what the
 * others do next it does not know, while answers from before tell it that all is well.
 */
export const flaky: Nemesis = {
  name: 'flaky',
  summary: 'makes links lose messages, deliver them twice, or delay them so that others overtake',
  variants: ['loss', 'duplication', 'slow', 'lag'],
  worlds: ['sim'],
  misfit: (cluster) =>
    isFlawable(cluster.network) ? null : `the ${cluster.world} world has no flaws for links`,
  choose(variant, context) {
    if (variant === 'lag') return lagging(context);
    const { nodes, rng } = context;
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

function lagging(context: FaultContext): Fault | null {
  const { nodes, leader, rng } = context;
  const [node] = chooseNodes('leader', context) ?? [];
  if (node === undefined) return null;
  const backlog = rng.pick([0.5, 1, 2]);
  const afterMs = rng.pick([100, 200, 400]);
  const others = nodes.filter((other) => other !== node);
  const links = others.flatMap((other) => [
    { from: other, to: node, loss: 0, duplication: 0, slowMs: 0, backlog },
    { from: node, to: other, loss: 1, duplication: 0, slowMs: 0, afterMs },
  ]);
  const summary = `${listed([node], leader)} hears the others later and later, and after ${afterMs} ms is heard by nobody`;
  return { kind: 'flaky', variant: 'lag', targets: [node], summary, data: { links } };
}

const kinds: Readonly<Record<string, (share: number) => LinkFlaws>> = {
  loss: (share) => ({ loss: share, duplication: 0, slowMs: 0 }),
  duplication: (share) => ({ loss: 0, duplication: share, slowMs: 0 }),
  slow: (share) => ({ loss: 0, duplication: 0, slowMs: 500 * share }),
};
