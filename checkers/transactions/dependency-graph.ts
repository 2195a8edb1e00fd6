import type { DependencyKind } from '../../core/evidence.ts';
import type { Stint } from '../work.ts';
import { bytes, naturals } from './column.ts';

/** Each kind of dependency is a bit, so that a set of kinds is a mask. */
export const kindBit: Readonly<Record<DependencyKind, number>> = {
  ww: 1,
  wr: 2,
  rw: 4,
  process: 8,
  realtime: 16,
};

export const everyKind = 31;

/** The kind that a bit stands for. */
export function kindOf(bit: number): DependencyKind {
  const kind = (Object.keys(kindBit) as DependencyKind[]).find((each) => kindBit[each] === bit);
  if (kind === undefined) throw new Error(`expected one of the bits of kindBit, got ${bit}`);
  return kind;
}

/**
 * Which transactions must come before which. Nodes below `transactions` are transactions; those from
 * there on are *waypoints*, which stand for a moment or a version between two groups of transactions:
 * each of m transactions precedes each of n others with m + n edges instead of m · n. Only the edge
 * into a waypoint counts as a dependency, of its own kind; edges out of one continue it, always.
 */
export interface DependencyGraph {
  readonly transactions: number;
  readonly nodes: number;
  /** The edges out of `node` are those from `offsets[node]` to before `offsets[node + 1]`. */
  readonly offsets: Uint32Array;
  readonly targets: Uint32Array;
  /** A bit of `kindBit` for each edge. */
  readonly kinds: Uint8Array;
}

/** What a graph came to, to be yielded once it is built: its arrays, and as much again to make them. */
export function stintFor({ offsets, targets, kinds }: DependencyGraph): Stint {
  const bytes = offsets.byteLength + targets.byteLength + kinds.byteLength;
  return { steps: 10 * targets.length, bytes: 2 * bytes };
}

export interface GraphBuilder {
  readonly add: (from: number, to: number, kind: DependencyKind) => void;
  /** A new waypoint. */
  readonly waypoint: () => number;
  readonly build: () => DependencyGraph;
}

/** A graph of so many transactions, without edges yet. An edge from a node to itself is left out. */
export function createGraphBuilder(transactions: number): GraphBuilder {
  const [sources, targets, kinds] = [naturals(), naturals(), bytes()];
  let nodes = transactions;
  return {
    add(from, to, kind) {
      if (from === to) return;
      sources.push(from);
      targets.push(to);
      kinds.push(kindBit[kind]);
    },
    waypoint: () => nodes++,
    build: () =>
      graphOf({ transactions, nodes }, sources.values(), {
        targets: targets.values(),
        kinds: kinds.values(),
      }),
  };
}

/** Edges in any order, put in order of their sources by counting. */
export function graphOf(
  size: { readonly transactions: number; readonly nodes: number },
  sources: Uint32Array,
  edges: { readonly targets: Uint32Array; readonly kinds: Uint8Array },
): DependencyGraph {
  const offsets = new Uint32Array(size.nodes + 1);
  for (const source of sources) offsets[source + 1] = (offsets[source + 1] ?? 0) + 1;
  for (let node = 0; node < size.nodes; node++) {
    offsets[node + 1] = (offsets[node + 1] ?? 0) + (offsets[node] ?? 0);
  }
  const next = offsets.slice();
  const targets = new Uint32Array(sources.length);
  const kinds = new Uint8Array(sources.length);
  for (let edge = 0; edge < sources.length; edge++) {
    const source = sources[edge] ?? 0;
    const place = next[source] ?? 0;
    next[source] = place + 1;
    targets[place] = edges.targets[edge] ?? 0;
    kinds[place] = edges.kinds[edge] ?? 0;
  }
  return { ...size, offsets, targets, kinds };
}
