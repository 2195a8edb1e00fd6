import {
  type Anomaly,
  type CycleAnomaly,
  type Order,
  type PlainAnomaly,
  anomalyOf,
  implied,
  orders,
  shownBy,
} from './anomaly.ts';
import type { Work } from '../work.ts';
import { type DependencyGraph, everyKind, kindBit, stintFor } from './dependency-graph.ts';
import { type Budget, type Cycle, createPathFinder, edgesInside } from './path-finder.ts';
import { type StrongComponents, cyclicComponents, strongComponents } from './strong-components.ts';
import { createPlaces, subgraphOf, withoutAdjacentRw } from './subgraph.ts';

/** What a graph shows. */
export interface CycleFindings {
  /** The cycles kept of each kind, the shortest first, and in how many places there were some. */
  readonly found: ReadonlyMap<CycleAnomaly, CyclesOfKind>;
  /** Those of them that show something beside their name. */
  readonly shown: ReadonlyMap<PlainAnomaly, CyclesOfKind>;
  /** Kinds that may be there as well: looking for them would have cost more than the budget. */
  readonly undecided: ReadonlySet<CycleAnomaly>;
}

export interface CyclesOfKind {
  count: number;
  readonly examples: Cycle[];
}

/** Cycles of one kind that are kept; the rest are counted. */
const mostCycles = 16;

/** Edges of one component that are tried in turn for a shorter cycle through another of them. */
const mostTries = 32;

/** Steps of search that a component may cost beyond what grows with its size. */
export const cycleStepsDefault = 50_000_000;

/**
 * Looks for cycles of every kind. Whether there is one is decided by strong components alone, in time
 * linear in the graph, for all kinds but G-single, which needs a way back for each of its rw edges: it
 * is looked for within the budget, and where that ran out and a cycle without adjacent rw edges is
 * there, G-single is `undecided`. In each component, a kind is left out when a worse one was found.
 */
export function* searchCycles(graph: DependencyGraph, budget: Budget): Work<CycleFindings> {
  const found = new Map<CycleAnomaly, CyclesOfKind>();
  const shown = new Map<PlainAnomaly, CyclesOfKind>();
  const undecided = new Set<CycleAnomaly>();
  const places = createPlaces(graph);
  for (const members of cyclicComponents(strongComponents(graph, everyKind))) {
    const { graph: part, original } = subgraphOf(graph, members, places);
    const explained = new Set<Anomaly>();
    const keep = (cycle: Cycle): void => {
      const named = cycle.map(({ transaction, kind }) => ({
        transaction: original[transaction] ?? 0,
        kind,
      }));
      const anomaly = anomalyOf(cycle);
      keepCycle(found, anomaly, named);
      for (const each of shownBy(cycle)) keepCycle(shown, each, named);
      for (const each of implied(anomaly)) explained.add(each);
    };
    yield* searchComponent({ graph: part, budget, keep, explained, undecided });
  }
  for (const anomaly of found.keys()) undecided.delete(anomaly);
  return { found, shown, undecided };
}

function keepCycle(found: Map<Anomaly, CyclesOfKind>, anomaly: Anomaly, cycle: Cycle): void {
  let kept = found.get(anomaly);
  if (kept === undefined) found.set(anomaly, (kept = { count: 0, examples: [] }));
  kept.count++;
  kept.examples.push(cycle);
  kept.examples.sort((one, other) => one.length - other.length);
  if (kept.examples.length > mostCycles) kept.examples.pop();
}

interface Component {
  readonly graph: DependencyGraph;
  readonly budget: Budget;
  readonly keep: (cycle: Cycle) => void;
  /** Kinds that need no looking for any more. */
  readonly explained: ReadonlySet<Anomaly>;
  readonly undecided: Set<CycleAnomaly>;
}

/** What a process did in turn is in the order of real time too, where that is known. */
const orderBits: Readonly<Record<Order, number>> = {
  '': 0,
  '-process': kindBit.process,
  '-realtime': kindBit.process | kindBit.realtime,
};

/** The kinds with the fewest sorts of edges first: what they find, the wider ones need not explain. */
function* searchComponent(component: Component): Work<void> {
  const { graph, explained } = component;
  for (const order of orders) {
    const writes = kindBit.ww | orderBits[order];
    const flow = writes | kindBit.wr;
    const all = flow | kindBit.rw;
    const components = strongComponents(graph, all);
    yield { steps: graph.targets.length };
    if (components.count === graph.nodes) continue;
    if (!explained.has(`G0${order}`)) yield* searchThrough(component, 'ww', writes);
    if (!explained.has(`G1c${order}`)) yield* searchThrough(component, 'wr', flow);
    if (!explained.has(`G-single${order}`)) yield* searchSparse(component, order, flow);
    if (!explained.has(`G2-item${order}`)) yield* searchThrough(component, 'rw', all);
  }
}

/** One short cycle through an edge of the kind for each component over the mask that has one. */
function* searchThrough(
  { graph, budget, keep }: Component,
  kind: 'ww' | 'wr' | 'rw',
  mask: number,
): Work<void> {
  const components = strongComponents(graph, mask);
  yield { steps: graph.targets.length };
  for (const cycle of yield* cyclesThrough({ graph, components, kind, mask }, budget)) keep(cycle);
}

interface Through {
  readonly graph: DependencyGraph;
  readonly components: StrongComponents;
  readonly kind: 'ww' | 'wr' | 'rw';
  readonly mask: number;
}

/** The first edge of a component always has a way back; the others are tried while steps are left. */
function* cyclesThrough({ graph, components, kind, mask }: Through, budget: Budget): Work<Cycle[]> {
  const best = new Map<number, { cycle: Cycle; tries: number }>();
  const finder = createPathFinder(graph);
  for (const { from, to } of edgesInside(graph, components, kind)) {
    const own = components.of[from] ?? 0;
    const known = best.get(own);
    const search = { from, to, kind: kindBit[kind], mask, components };
    if (known === undefined) {
      const unbounded = { steps: Number.MAX_SAFE_INTEGER };
      const cycle = finder.cycle({ ...search, longest: graph.nodes }, unbounded);
      yield { steps: Number.MAX_SAFE_INTEGER - unbounded.steps };
      if (cycle !== null) best.set(own, { cycle, tries: 1 });
    } else if (known.cycle.length > 2 && known.tries++ < mostTries && budget.steps > 0) {
      const before = budget.steps;
      const shorter = finder.cycle({ ...search, longest: known.cycle.length - 1 }, budget);
      yield { steps: before - budget.steps };
      if (shorter !== null) known.cycle = shorter;
    }
  }
  return [...best.values()].map(({ cycle }) => cycle);
}

/** Cycles without adjacent rw edges: G-single where one can be found, else G-nonadjacent. */
function* searchSparse(component: Component, order: Order, flow: number): Work<void> {
  const { graph, budget, keep, explained, undecided } = component;
  const sparse = withoutAdjacentRw(graph);
  const all = flow | kindBit.rw;
  const components = strongComponents(sparse, all);
  yield stintFor(sparse);
  const misses = [...edgesInside(sparse, components, 'rw')];
  if (misses.length === 0) return;
  // One that closes over reads alone shows more, so it is looked for first.
  const single =
    (yield* singleCycle(component, flow & ~kindBit.ww, misses)) ??
    (yield* singleCycle(component, flow, misses));
  if (single !== null) {
    keep(single);
    return;
  }
  if (budget.steps < 0) undecided.add(`G-single${order}`);
  if (explained.has(`G-nonadjacent${order}`)) return;
  const through = { graph: sparse, components, kind: 'rw', mask: all } as const;
  for (const cycle of yield* cyclesThrough(through, budget)) {
    keep(cycle.map(({ transaction, kind }) => ({ transaction: transaction >> 1, kind })));
  }
}

/** A cycle with one rw edge; `misses` are the edges that it may be, as numbered without adjacent ones. */
function* singleCycle(
  { graph, budget }: Component,
  flow: number,
  misses: readonly { readonly from: number; readonly to: number }[],
): Work<Cycle | null> {
  const components = strongComponents(graph, flow);
  const finder = createPathFinder(graph);
  let best: Cycle | null = null;
  let tries = 0;
  for (const { from, to } of misses) {
    if (budget.steps < 0 || best?.length === 2 || tries > mostTries) break;
    const way = { from: from >> 1, to: to >> 1, kind: kindBit.rw, mask: flow, components };
    const longest: number = best === null ? graph.nodes : best.length - 1;
    const before = budget.steps;
    best = finder.cycle({ ...way, longest }, budget) ?? best;
    yield { steps: before - budget.steps };
    if (best !== null) tries++;
  }
  return best;
}
