import { type Column, bytes, naturals } from './column.ts';
import { type DependencyGraph, graphOf, kindBit } from './dependency-graph.ts';

/** Some nodes of a graph with the edges between them, under numbers of their own. */
export interface Subgraph {
  readonly graph: DependencyGraph;
  /** The number in the whole graph of each node. */
  readonly original: Uint32Array;
}

/** Gives out places in the subgraph; made once for a graph and used for many small subgraphs. */
export type Places = Uint32Array;

export function createPlaces(graph: DependencyGraph): Places {
  return new Uint32Array(graph.nodes);
}

/** `members` are in ascending order, so that transactions stay before waypoints. */
export function subgraphOf(graph: DependencyGraph, members: Uint32Array, places: Places): Subgraph {
  let transactions = 0;
  members.forEach((node, place) => {
    places[node] = place + 1;
    if (node < graph.transactions) transactions++;
  });
  const edges = newEdges();
  members.forEach((node, place) => {
    const end = graph.offsets[node + 1] ?? 0;
    for (let edge = graph.offsets[node] ?? 0; edge < end; edge++) {
      const target = places[graph.targets[edge] ?? 0] ?? 0;
      if (target !== 0) addEdge(edges, [place, target - 1], graph.kinds[edge] ?? 0);
    }
  });
  for (const node of members) places[node] = 0;
  const size = { transactions, nodes: members.length };
  return { graph: builtFrom(size, edges), original: members };
}

/**
 * The same graph for walks that never take two rw edges in a row: node `v` becomes `2v` (the last edge
 * was none) and `2v + 1` (it was one), and an rw edge leads from the first to the second only. Snapshot
 * isolation forbids the closed walks in it, and no others (Cerone & Gotsman, "Analysing Snapshot
 * Isolation", 2018).
 */
export function withoutAdjacentRw(graph: DependencyGraph): DependencyGraph {
  const edges = newEdges();
  for (let node = 0; node < graph.nodes; node++) {
    const end = graph.offsets[node + 1] ?? 0;
    for (let edge = graph.offsets[node] ?? 0; edge < end; edge++) {
      const target = 2 * (graph.targets[edge] ?? 0);
      const kind = graph.kinds[edge] ?? 0;
      const [plain, after] = [2 * node, 2 * node + 1];
      if (node >= graph.transactions) {
        addEdge(edges, [plain, target], kind);
        addEdge(edges, [after, target + 1], kind);
      } else if (kind === kindBit.rw) addEdge(edges, [plain, target + 1], kind);
      else {
        addEdge(edges, [plain, target], kind);
        addEdge(edges, [after, target], kind);
      }
    }
  }
  return builtFrom({ transactions: 2 * graph.transactions, nodes: 2 * graph.nodes }, edges);
}

interface Edges {
  readonly sources: Column<Uint32Array>;
  readonly targets: Column<Uint32Array>;
  readonly kinds: Column<Uint8Array>;
}

const newEdges = (): Edges => ({ sources: naturals(), targets: naturals(), kinds: bytes() });

function addEdge(edges: Edges, [from, to]: readonly [number, number], kind: number): void {
  edges.sources.push(from);
  edges.targets.push(to);
  edges.kinds.push(kind);
}

function builtFrom(
  size: { readonly transactions: number; readonly nodes: number },
  { sources, targets, kinds }: Edges,
): DependencyGraph {
  return graphOf(size, sources.values(), { targets: targets.values(), kinds: kinds.values() });
}
