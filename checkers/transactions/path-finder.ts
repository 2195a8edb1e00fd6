import { type DependencyGraph, kindBit, kindOf } from './dependency-graph.ts';
import type { DependencyKind } from '../../core/evidence.ts';
import { type StrongComponents, maskAt } from './strong-components.ts';

/** Transactions in a circle, each with the kind of dependency that leads to the next. */
export type Cycle = readonly CycleStep[];

export interface CycleStep {
  readonly transaction: number;
  readonly kind: DependencyKind;
}

/** What is looked for: the shortest way back along an edge. */
export interface WayBack {
  /** The edge `from` → `to` of this kind closes the circle. */
  readonly from: number;
  readonly to: number;
  readonly kind: number;
  /** Kinds of edges on the way from `to` back to `from`. */
  readonly mask: number;
  /** Components over the edges of that mask, which tell where there is no way back. */
  readonly components: StrongComponents;
  /** The most transactions that the circle may have. */
  readonly longest: number;
}

/** Counts down with every edge that is looked at. */
export interface Budget {
  steps: number;
}

/** Finds cycles in one graph; its memory is shared by all its searches. */
export interface PathFinder {
  /** The shortest cycle along the edge, or null where there is none or the budget ran out. */
  readonly cycle: (search: WayBack, budget: Budget) => Cycle | null;
}

/**
 * Breadth first, counting transactions: what follows a waypoint is as far away as the waypoint. So in
 * each round the waypoints come first, and what they lead to belongs to the same round.
 */
export function createPathFinder(graph: DependencyGraph): PathFinder {
  const cameFrom = new Uint32Array(graph.nodes);
  const cameBy = new Uint8Array(graph.nodes);
  const seen = new Uint32Array(graph.nodes);
  let search = 0;
  return {
    cycle({ from, to, kind, mask, components, longest }, budget) {
      search++;
      const floor = components.of[from] ?? 0;
      if ((components.of[to] ?? 0) < floor) return null;
      /** Takes the edges out of a node; true when one of them leads back. */
      const expand = (node: number, into: number[]): boolean => {
        const follow = maskAt(graph, node, mask);
        const end = graph.offsets[node + 1] ?? 0;
        for (let edge = graph.offsets[node] ?? 0; edge < end; edge++) {
          budget.steps--;
          const by = graph.kinds[edge] ?? 0;
          const target = graph.targets[edge] ?? 0;
          if ((by & follow) === 0 || seen[target] === search) continue;
          if ((components.of[target] ?? 0) < floor) continue;
          seen[target] = search;
          cameFrom[target] = node;
          cameBy[target] = by;
          if (target === from) return true;
          into.push(target);
        }
        return false;
      };
      seen[to] = search;
      let now = [to];
      for (let length = 2; now.length > 0 && length <= longest + 1; length++) {
        const later: number[] = [];
        let back = false;
        for (let at = 0; at < now.length && !back; at++) {
          const node = now[at] ?? 0;
          if (node >= graph.transactions) back = expand(node, now);
        }
        for (let at = 0; at < now.length && !back && length <= longest; at++) {
          const node = now[at] ?? 0;
          if (node < graph.transactions) back = expand(node, later);
          if (budget.steps < 0) return null;
        }
        if (back) return cycleOf(from, to, kind);
        now = later;
      }
      return null;
    },
  };

  function cycleOf(from: number, to: number, kind: number): Cycle {
    const steps: CycleStep[] = [];
    for (let node = from; node !== to;) {
      const before = cameFrom[node] ?? 0;
      if (before < graph.transactions) {
        steps.push({ transaction: before, kind: kindOf(cameBy[node] ?? 0) });
      }
      node = before;
    }
    steps.push({ transaction: from, kind: kindOf(kind) });
    return steps.reverse();
  }
}

/** The edges of one kind that begin and end in the same component, in order of their sources. */
export function* edgesInside(
  graph: DependencyGraph,
  { of }: StrongComponents,
  kind: keyof typeof kindBit,
): Generator<{ readonly from: number; readonly to: number }> {
  for (let from = 0; from < graph.transactions; from++) {
    const end = graph.offsets[from + 1] ?? 0;
    for (let edge = graph.offsets[from] ?? 0; edge < end; edge++) {
      const to = graph.targets[edge] ?? 0;
      if (graph.kinds[edge] === kindBit[kind] && of[from] === of[to]) yield { from, to };
    }
  }
}
