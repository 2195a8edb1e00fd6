import type { DependencyGraph } from './dependency-graph.ts';

/** Sets of nodes each of which reaches all others of its set. */
export interface StrongComponents {
  /**
   * The component of each node. Numbers fall along edges: a node reaches only nodes of components
   * with the same or a lower number.
   */
  readonly of: Uint32Array;
  readonly count: number;
}

/**
 * Follows the edges out of a transaction whose kinds are in the mask, and all edges out of waypoints,
 * which continue an edge that was followed before.
 */
export function maskAt(graph: DependencyGraph, node: number, mask: number): number {
  return node < graph.transactions ? mask : 0xff;
}

/**
 * Tarjan's algorithm ("Depth-first search and linear graph algorithms", 1972) with a stack of its own
 * instead of recursion, over the edges of the kinds in `mask`. Linear in nodes and edges.
 */
export function strongComponents(graph: DependencyGraph, mask: number): StrongComponents {
  const { nodes, offsets, targets, kinds } = graph;
  const of = new Uint32Array(nodes);
  // Order of discovery from 1; 0 is not discovered, and `done` belongs to a finished component.
  const found = new Uint32Array(nodes);
  const done = 0xffffffff;
  const next = offsets.slice(0, nodes);
  const low = new Uint32Array(nodes);
  const path = new Uint32Array(nodes);
  const waiting = new Uint32Array(nodes);
  let [discovered, count, pathLength, waitingLength] = [0, 0, 0, 0];
  const enter = (node: number): void => {
    found[node] = ++discovered;
    low[node] = discovered;
    path[pathLength++] = node;
    waiting[waitingLength++] = node;
  };
  const leave = (node: number): void => {
    pathLength--;
    const reach = low[node] ?? 0;
    const above = path[pathLength - 1] ?? 0;
    if (pathLength > 0 && reach < (low[above] ?? 0)) low[above] = reach;
    if (reach !== found[node]) return;
    for (let member = -1; member !== node;) {
      member = waiting[--waitingLength] ?? node;
      of[member] = count;
      found[member] = done;
      low[member] = done;
    }
    count++;
  };
  for (let root = 0; root < nodes; root++) {
    if (found[root] !== 0) continue;
    enter(root);
    while (pathLength > 0) {
      const node = path[pathLength - 1] ?? 0;
      const edge = next[node] ?? 0;
      if (edge >= (offsets[node + 1] ?? 0)) {
        leave(node);
        continue;
      }
      next[node] = edge + 1;
      if (((kinds[edge] ?? 0) & maskAt(graph, node, mask)) === 0) continue;
      const target = targets[edge] ?? 0;
      const seen = found[target] ?? 0;
      if (seen === 0) enter(target);
      else if (seen !== done && seen < (low[node] ?? 0)) low[node] = seen;
    }
  }
  return { of, count };
}

/**
 * The components with more than one node, each with its nodes in ascending order. No node has an edge
 * to itself, so these are the ones with cycles.
 */
export function cyclicComponents({ of, count }: StrongComponents): readonly Uint32Array[] {
  const sizes = new Uint32Array(count);
  for (const component of of) sizes[component] = (sizes[component] ?? 0) + 1;
  const members = new Map<number, { readonly nodes: Uint32Array; filled: number }>();
  for (let node = 0; node < of.length; node++) {
    const component = of[node] ?? 0;
    const size = sizes[component] ?? 0;
    if (size < 2) continue;
    let list = members.get(component);
    if (list === undefined) members.set(component, (list = newList(size)));
    list.nodes[list.filled++] = node;
  }
  return [...members.values()].map(({ nodes }) => nodes);
}

function newList(size: number): { readonly nodes: Uint32Array; filled: number } {
  return { nodes: new Uint32Array(size), filled: 0 };
}
