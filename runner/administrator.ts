import type { Administrable, Cluster, Node } from '../core/cluster.ts';
import type { Clock } from '../core/clock.ts';
import type { NodeStatus, System } from '../core/system.ts';

/**
 * Between two attempts, and for one of them. What takes longer goes on, and is found done, or under way, by
 * a later attempt: to ask for what is so already does no harm.
 */
const pauseMs = 50;
const attemptMs = 150;

/** The cluster with the power to change its members and its leader, where its system has commands for it. */
export function administrable(cluster: Cluster, system: System, clock: Clock): Cluster {
  const administer = system.administer?.bind(system);
  if (administer === undefined) return cluster;
  const power: Administrable = {
    async administer(request, withinMs) {
      const endNs = clock.nowNs() + withinMs * 1e6;
      for (let attempt = 0; ; attempt++) {
        const node = await nodeToAsk(cluster, system, attempt);
        const leftMs = Math.max(1, Math.ceil((endNs - clock.nowNs()) / 1e6));
        const timeoutMs = Math.min(leftMs, attemptMs);
        const { kind, said } = await administer(node, request, { timeoutMs });
        if (kind === 'done') return { done: true, said };
        if (clock.nowNs() + pauseMs * 1e6 >= endNs) return { done: false, said };
        await clock.sleep(pauseMs);
      }
    },
  };
  return { ...cluster, ...power };
}

/** The leader of the highest term; where none is known, each in turn, since they pass requests on. */
async function nodeToAsk({ nodes }: Cluster, system: System, attempt: number): Promise<Node> {
  const asked = nodes.map((node) => system.inspect(node).catch((): null => null));
  const statuses = await Promise.all(asked);
  let best: NodeStatus | null = null;
  for (const status of statuses) {
    if (status?.role === 'leader' && status.term >= (best?.term ?? 0)) best = status;
  }
  const leader = nodes.find(({ id }) => id === best?.id) ?? nodes[attempt % nodes.length];
  if (leader === undefined) throw new Error('expected a cluster with nodes, got none');
  return leader;
}
