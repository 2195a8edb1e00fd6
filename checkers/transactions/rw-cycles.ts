import type { Work } from '../work.ts';
import { type CycleAnomaly, type Order, type PlainAnomaly, orders } from './anomaly.ts';
import { type CycleFindings, type CyclesOfKind, searchCycles } from './cycle-search.ts';
import { type DependencyGraph, everyKind, kindBit, stintFor } from './dependency-graph.ts';
import type { Budget, Cycle } from './path-finder.ts';
import { type GraphParts, registerGraph } from './register-graph.ts';
import { strongComponents } from './strong-components.ts';
import type { VersionEdges, VersionReason } from './version-edges.ts';
import type { Accesses } from './weak-order.ts';

/** The orders of versions of a history, and which of them are known for all levels. */
export interface KnownVersions {
  readonly edges: VersionEdges;
  /** `update`, and what was assumed. */
  readonly certain: ReadonlySet<VersionReason>;
}

/** A cycle under the name of what it shows, which may be less than its edges do. */
export interface NamedCycle {
  readonly anomaly: CycleAnomaly;
  readonly cycle: Cycle;
}

/**
 * What a level lets one infer of the versions holds only where everybody has to see what is visible at that
 * level, that is, where G-single is forbidden.
 */
const inferredAt: Readonly<Record<Order, readonly VersionReason[]>> = {
  '': ['update', 'seen'],
  '-process': ['update', 'seen', 'process', 'causal'],
  '-realtime': ['update', 'seen', 'process', 'causal', 'realtime'],
};

/** The reasons that hold in view of an order, and at the levels that forbid G-single there. */
export function reasonsAt(order: Order, { certain }: KnownVersions): ReadonlySet<VersionReason> {
  return certain.union(new Set(inferredAt[order]));
}

/** All that is known in view of real time: without a cycle here there is none anywhere. */
export function widestGraph(accesses: Accesses, known: KnownVersions): DependencyGraph {
  const all = reasonsAt('-realtime', known);
  const reasons = { forReaders: all, forWriters: all };
  return registerGraph(accesses, { edges: known.edges, ...reasons, process: true, realtime: true });
}

export function isCyclic(graph: DependencyGraph): boolean {
  return strongComponents(graph, everyKind).count < graph.nodes;
}

/** What was found, and what it was found from. */
export interface FoundCycles {
  readonly findings: CycleFindings;
  /** Those of the cycles that go under the name of less than their edges show. */
  readonly inferred: readonly NamedCycle[];
  readonly known: KnownVersions;
}

/**
 * Cycles in view of the data alone, of processes, and of real time; each time first with what is certain
 * about the versions, and then with what the levels concerned let one infer, unless the same was shown. A cycle that needs what was
 * inferred is called G-single at least, since no level without that is known to forbid it.
 */
export function* findCycles(
  accesses: Accesses,
  known: KnownVersions,
  budget: Budget,
): Work<FoundCycles> {
  const found = new Map<CycleAnomaly, CyclesOfKind>();
  const shown = new Map<PlainAnomaly, CyclesOfKind>();
  const undecided = new Set<CycleAnomaly>();
  const inferred: NamedCycle[] = [];
  const before: DependencyGraph[] = [];
  const isNew = (cycle: Cycle): boolean => !before.some((earlier) => isIn(earlier, cycle));
  for (const order of orders) {
    const more = { process: order !== '', realtime: order === '-realtime' };
    for (const reasons of stagesOf(known.certain, reasonsAt(order, known))) {
      const certain = reasons.forReaders === known.certain;
      if (!certain && found.has(`G-single${order}`)) continue;
      const graph = registerGraph(accesses, { edges: known.edges, ...reasons, ...more });
      yield stintFor(graph);
      const findings = yield* searchCycles(graph, budget);
      for (const each of findings.undecided) undecided.add(each);
      for (const [anomaly, { examples }] of findings.found) {
        for (const cycle of examples.filter(isNew)) {
          const name = certain ? anomaly : leastName(cycle, order);
          add(found, name, cycle);
          if (name !== anomaly) inferred.push({ anomaly: name, cycle });
        }
      }
      for (const [anomaly, { examples }] of certain ? findings.shown : []) {
        for (const cycle of examples.filter(isNew)) add(shown, anomaly, cycle);
      }
      before.push(graph);
    }
  }
  return { findings: { found, shown, undecided }, inferred, known };
}

/**
 * First what is certain, then what follows of it for readers, which shows the plainest cycles, and for writers
 * at last.
 */
function stagesOf(
  certain: Reasons,
  all: Reasons,
): readonly Pick<GraphParts, 'forReaders' | 'forWriters'>[] {
  return [
    { forReaders: certain, forWriters: certain },
    { forReaders: all, forWriters: certain },
    { forReaders: all, forWriters: all },
  ];
}

type Reasons = ReadonlySet<VersionReason>;

function add<Name>(found: Map<Name, CyclesOfKind>, anomaly: Name, cycle: Cycle): void {
  const own = found.get(anomaly) ?? { count: 0, examples: [] };
  own.count++;
  own.examples.push(cycle);
  found.set(anomaly, own);
}

/** At least G-single, and in view of the whole order that was inferred from. */
function leastName(cycle: Cycle, order: Order): CycleAnomaly {
  const misses = cycle.filter(({ kind }) => kind === 'rw').length;
  if (misses <= 1) return `G-single${order}`;
  const inARow = cycle.some(({ kind }, at) => kind === 'rw' && cycle.at(at - 1)?.kind === 'rw');
  return `${inARow ? 'G2-item' : 'G-nonadjacent'}${order}`;
}

/** Whether a graph has all edges of a cycle. Its real-time edges are in any graph that has such. */
function isIn(graph: DependencyGraph, cycle: Cycle): boolean {
  return cycle.every(({ transaction, kind }, at) => {
    const to = cycle[(at + 1) % cycle.length]?.transaction ?? transaction;
    return hasEdge(graph, [transaction, to], kindBit[kind]);
  });
}

function hasEdge(
  { transactions, offsets, targets, kinds }: DependencyGraph,
  [from, to]: readonly [number, number],
  kind: number,
): boolean {
  const waiting = [from];
  const seen = new Set(waiting);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (let edge = offsets[node] ?? 0; edge < (offsets[node + 1] ?? 0); edge++) {
      const target = targets[edge] ?? 0;
      if (node < transactions && kinds[edge] !== kind) continue;
      if (target === to) return true;
      if (target < transactions || seen.has(target)) continue;
      seen.add(target);
      waiting.push(target);
    }
  }
  return false;
}
