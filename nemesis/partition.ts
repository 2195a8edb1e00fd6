import type { Cluster, Link } from '../core/cluster.ts';
import { healthyLinks } from '../core/cluster.ts';
import type { Fault, FaultContext, Nemesis } from '../core/nemesis.ts';
import type { NodeId } from '../core/node-id.ts';

/** Cuts links between nodes, in the shapes that distributed systems are known to trip over. */
export const partition: Nemesis = {
  name: 'partition',
  summary:
    'cuts links between nodes: one node or the leader off, halves, a bridge, a ring, one way',
  variants: ['isolate-one', 'isolate-leader', 'majority', 'bridge', 'ring', 'one-way'],
  sparing: ['isolate-one', 'isolate-leader', 'majority', 'bridge', 'ring', 'one-way'],
  misfit: (cluster) =>
    cluster.nodes.length < 3 ? 'a partition that leaves a majority needs at least 3 nodes' : null,
  choose,
  async inject(fault, cluster) {
    const cut = fault.data.cut as unknown as readonly Link[];
    return { ...(await cluster.network.apply({ cut })) };
  },
  heal: async (_fault, cluster: Cluster) => ({ ...(await cluster.network.apply(healthyLinks)) }),
};

function choose(variant: string, context: FaultContext): Fault | null {
  const shape = shapes[variant];
  if (shape === undefined) throw new Error(`expected a known partition, got ${variant}`);
  return shape(context);
}

type Shape = (context: FaultContext) => Fault | null;

const shapes: Readonly<Record<string, Shape>> = {
  'isolate-one': (context) => isolate('isolate-one', pickHealthy(context), context),
  'isolate-leader': (context) =>
    isolate('isolate-leader', context.leader ?? pickHealthy(context), context),

  /** A majority here, the rest there; nodes already held back are put with the minority. */
  majority: (context) => {
    const { nodes, afflicted, maxAfflicted, rng } = context;
    const order = rng.shuffle(nodes);
    const sorted = [
      ...order.filter((node) => afflicted.has(node)),
      ...order.filter((node) => !afflicted.has(node)),
    ];
    const minority = sorted.slice(0, maxAfflicted);
    const majority = sorted.slice(maxAfflicted);
    if (minority.length < afflicted.size) return null;
    return partitionFault({
      variant: 'majority',
      cut: between(minority, majority),
      targets: minority,
      summary: `${list(majority)} | ${list(minority)}`,
    });
  },

  /** Two halves that see each other only through one node in the middle. */
  bridge: (context) => bridge('bridge', context),

  /**
   * Every node sees a majority, and no two nodes the same one (after Jepsen's majorities-ring). Three
   * nodes in a ring are all neighbours: there the ring is open at one place, which makes it a bridge.
   */
  ring: (context) => {
    const { nodes, rng } = context;
    if (nodes.length === 3) return bridge('ring', context);
    const circle = rng.shuffle(nodes);
    const neighbours = Math.floor(circle.length / 2);
    const reach = Math.ceil(neighbours / 2);
    const distance = (a: number, b: number): number =>
      Math.min(Math.abs(a - b), circle.length - Math.abs(a - b));
    const cut = circle.flatMap((from, a) =>
      circle.flatMap((to, b): Link[] => (distance(a, b) > reach ? [{ from, to }] : [])),
    );
    return partitionFault({
      variant: 'ring',
      cut,
      alone: true,
      targets: [],
      summary: `each node sees its neighbours in the ring ${circle.join('–')}`,
    });
  },

  /** One node is heard by nobody and hears everybody, or the other way round. */
  'one-way': (context) => {
    const node = pickHealthy(context);
    if (node === null) return null;
    const others = context.nodes.filter((other) => other !== node);
    const mute = context.rng.float() < 0.5;
    return partitionFault({
      variant: 'one-way',
      cut: others.map((other) => (mute ? { from: node, to: other } : { from: other, to: node })),
      targets: [node],
      summary: mute ? `${node} is heard by nobody` : `${node} hears nobody`,
    });
  },
};

function bridge(variant: string, { nodes, rng }: FaultContext): Fault {
  const [middle, ...others] = rng.shuffle(nodes);
  const half = Math.ceil(others.length / 2);
  const left = others.slice(0, half);
  const right = others.slice(half);
  return partitionFault({
    variant,
    cut: between(left, right),
    alone: true,
    targets: [],
    summary: `${list(left)} | ${list(right)}, with ${middle ?? ''} seeing both`,
  });
}

function isolate(variant: string, node: NodeId | null, context: FaultContext): Fault | null {
  const { afflicted, maxAfflicted, nodes } = context;
  if (node === null || new Set([...afflicted, node]).size > maxAfflicted) return null;
  const others = nodes.filter((other) => other !== node);
  return partitionFault({
    variant,
    cut: between([node], others),
    targets: [node],
    summary: `${node}${node === context.leader ? ' (leader)' : ''} cut off`,
  });
}

function pickHealthy({ nodes, afflicted, maxAfflicted, rng }: FaultContext): NodeId | null {
  const healthy = nodes.filter((node) => !afflicted.has(node));
  return healthy.length === 0 || afflicted.size >= maxAfflicted ? null : rng.pick(healthy);
}

function between(left: readonly NodeId[], right: readonly NodeId[]): Link[] {
  return left.flatMap((a) =>
    right.flatMap((b): Link[] => [
      { from: a, to: b },
      { from: b, to: a },
    ]),
  );
}

function partitionFault(options: {
  readonly variant: string;
  readonly cut: readonly Link[];
  readonly targets: readonly NodeId[];
  readonly alone?: boolean;
  readonly summary: string;
}): Fault {
  const cut = options.cut.map(({ from, to }) => ({ from, to }));
  return { kind: 'partition', ...options, data: { cut } };
}

function list(nodes: readonly NodeId[]): string {
  return [...nodes].sort().join(' ');
}
