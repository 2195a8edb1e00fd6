import {
  type Link,
  type LinkEvidence,
  type LinkState,
  type Network,
  healthyLinks,
} from '../core/cluster.ts';
import type { NodeId } from '../core/node-id.ts';
import type { Proxies } from './proxies.ts';

/** The network of a cluster whose links can be cut. States take their turns. */
export function proxiedNetwork(nodes: readonly NodeId[], proxies: Proxies): Network {
  let turn: Promise<unknown> = Promise.resolve();
  return {
    apply: (state) => {
      const applied = turn.then(() => {
        expectLinks(state.cut, nodes);
        return proxies.apply(state);
      });
      turn = applied.catch(() => undefined);
      return applied;
    },
    dropped: () => proxies.held(),
  };
}

/** The network of a cluster that was promised healthy links. */
export function directNetwork(): Network {
  const evidence: LinkEvidence = { mechanism: 'direct', appliedMs: 0, verifiedMs: 0, probes: 0 };
  return {
    apply: ({ cut }: LinkState) =>
      cut.length === healthyLinks.cut.length
        ? Promise.resolve(evidence)
        : Promise.reject(
            new Error(
              'expected healthy links, for this cluster was started without link faults, got ' +
                `${cut.length} to cut; plan a fault of links, so that it starts with proxies`,
            ),
          ),
    dropped: () => Promise.resolve(0),
  };
}

function expectLinks(links: readonly Link[], nodes: readonly NodeId[]): void {
  for (const { from, to } of links) {
    if (from !== to && nodes.includes(from) && nodes.includes(to)) continue;
    throw new Error(
      `expected a link between two of ${nodes.join(', ')}, got ${from} → ${to}; nothing was changed`,
    );
  }
}
