import { type Cluster, type LinkEvidence, type Node, healthyLinks } from '../../core/cluster.ts';
import type { World } from '../../core/system.ts';

/** Where a system without processes of its own runs: nothing starts, and nothing is left behind. */
export const nullWorld: World = {
  name: 'local',
  unavailable: () => Promise.resolve(null),
  clean: () => Promise.resolve([]),
  start: ({ nodes }): Promise<Cluster> =>
    Promise.resolve({
      world: 'local',
      nodes: nodes.map(nodeCalled),
      network: {
        apply: (state): Promise<LinkEvidence> =>
          state.cut.length === healthyLinks.cut.length
            ? Promise.resolve({ appliedMs: 0, verifiedMs: 0, probes: 0, mechanism: 'none' })
            : Promise.reject(new Error('expected no faults: a null system has no links to cut')),
        dropped: () => Promise.resolve(0),
      },
      facts: {},
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
};

function nodeCalled(id: string): Node {
  return {
    ...{ id, addresses: {} },
    start: () => Promise.resolve(),
    kill: () => Promise.resolve(),
    isRunning: () => Promise.resolve(true),
    logs: () => Promise.resolve(''),
  };
}
