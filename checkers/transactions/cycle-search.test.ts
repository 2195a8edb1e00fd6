import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DependencyKind } from '../../core/evidence.ts';
import { finish } from '../work.ts';
import { type Anomaly, anomalyOf, cycleBases, implied, orders } from './anomaly.ts';
import { type CycleFindings, searchCycles } from './cycle-search.ts';
import {
  type DependencyGraph,
  createGraphBuilder,
  everyKind,
  kindBit,
  kindOf,
} from './dependency-graph.ts';
import type { Cycle } from './path-finder.ts';
import { cyclicComponents, strongComponents } from './strong-components.ts';

type Edge = readonly [from: number, to: number, kind: DependencyKind];

const kinds: readonly DependencyKind[] = ['ww', 'wr', 'rw', 'process', 'realtime'];

function graphOf(transactions: number, edges: readonly Edge[]): DependencyGraph {
  const builder = createGraphBuilder(transactions);
  for (const [from, to, kind] of edges) builder.add(from, to, kind);
  return builder.build();
}

const search = (graph: DependencyGraph): CycleFindings =>
  finish(searchCycles(graph, { steps: 1e6 }));

/** Every cycle of up to five transactions that visits none twice, found by trying all. */
function* allCycles(
  nodes: number,
  edges: readonly Edge[],
  path: readonly Edge[],
): Generator<Cycle> {
  const first = path[0]?.[0] ?? 0;
  const last = path.at(-1)?.[1] ?? first;
  if (path.length > 0 && last === first) {
    yield path.map(([transaction, , kind]) => ({ transaction, kind }));
    return;
  }
  if (path.length >= nodes) return;
  for (const edge of edges) {
    const isNext = path.length === 0 || edge[0] === last;
    const isNew =
      edge[1] === (path.length === 0 ? edge[0] : first) || !path.some(([from]) => from === edge[1]);
    if (isNext && isNew) yield* allCycles(nodes, edges, [...path, edge]);
  }
}

const anyGraph = fc.integer({ min: 2, max: 5 }).chain((nodes) => {
  const node = fc.nat(nodes - 1);
  const edge = fc.tuple(node, node, fc.constantFrom(...kinds)) as fc.Arbitrary<Edge>;
  return fc.record({ nodes: fc.constant(nodes), edges: fc.array(edge, { maxLength: 10 }) });
});

/** Real time and processes are orders, so that no cycle is made of them alone; those graphs do not occur. */
const isOrdered = (edges: readonly Edge[]): boolean =>
  edges.every(([from, to, kind]) => kindBit[kind] < kindBit.process || from < to);

describe('cycle search', () => {
  it('finds what trying all cycles finds, and rules out the same kinds', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(anyGraph, ({ nodes, edges }) => {
        const sound = edges.filter((edge) => edge[0] !== edge[1] && isOrdered([edge]));
        const { found, undecided } = search(graphOf(nodes, sound));
        const expected = new Set<Anomaly>();
        for (const cycle of allCycles(nodes, sound, [])) {
          for (const each of implied(anomalyOf(cycle))) expected.add(each);
        }
        const shown = new Set([...found.keys()].flatMap((each) => [...implied(each)]));
        for (const base of cycleBases) {
          for (const order of orders) {
            const anomaly = `${base}${order}` as const;
            if (expected.has(anomaly)) seen.set(anomaly, (seen.get(anomaly) ?? 0) + 1);
            // A walk may pass a transaction twice and take no two rw edges in a row, where a cycle cannot.
            if (base === 'G-nonadjacent' && !expected.has(anomaly)) continue;
            expect([anomaly, shown.has(anomaly)]).toEqual([anomaly, expected.has(anomaly)]);
          }
        }
        expect(undecided.size).toBe(0);
      }),
      { numRuns: 10_000 },
    );
    expect([...seen.values()].every((count) => count > 20)).toBe(true);
    expect(seen.size).toBe(cycleBases.length * orders.length);
  }, 120_000);

  it('returns real cycles, named by what is in them', () => {
    fc.assert(
      fc.property(anyGraph, ({ nodes, edges }) => {
        const graph = graphOf(nodes, edges);
        for (const [anomaly, { examples }] of search(graph).found) {
          for (const cycle of examples) {
            expect(anomalyOf(cycle)).toBe(anomaly);
            cycle.forEach(({ transaction, kind }, at) => {
              const to = cycle[(at + 1) % cycle.length]?.transaction;
              expect(edges).toContainEqual([transaction, to, kind]);
            });
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('finds the shortest of several ways around', () => {
    const ring = [0, 1, 2, 3, 4].map((at): Edge => [at, (at + 1) % 5, 'ww']);
    const { found } = search(graphOf(5, [...ring, [2, 0, 'ww']]));
    expect(found.get('G0')?.examples).toEqual([
      [0, 1, 2].map((transaction) => ({ transaction, kind: 'ww' })),
    ]);
  });

  it('looks for every kind in every component', () => {
    const pair = (at: number, kind: DependencyKind): Edge[] => [
      [at, at + 1, 'ww'],
      [at + 1, at, kind],
    ];
    const edges = [...pair(0, 'ww'), ...pair(2, 'wr'), ...pair(4, 'rw'), ...pair(6, 'realtime')];
    const { found } = search(graphOf(8, edges));
    expect([...found.keys()]).toEqual(['G0', 'G1c', 'G-single', 'G0-realtime']);
  });

  it('counts what it does not keep', () => {
    const edges = Array.from({ length: 40 }, (_, at): Edge[] => [
      [2 * at, 2 * at + 1, 'ww'],
      [2 * at + 1, 2 * at, 'ww'],
    ]).flat();
    const { found } = search(graphOf(80, edges));
    expect([found.get('G0')?.count, found.get('G0')?.examples.length]).toEqual([40, 16]);
  });

  it('goes through a chain of a hundred thousand without running out of stack', () => {
    const length = 100_000;
    const edges = Array.from({ length }, (_, at): Edge => [at, (at + 1) % length, 'wr']);
    const { found } = search(graphOf(length, edges));
    expect(found.get('G1c')?.examples[0]?.length).toBe(length);
  });
});

describe('waypoints', () => {
  it('count as the one dependency that leads through them', () => {
    const builder = createGraphBuilder(3);
    const [first, second] = [builder.waypoint(), builder.waypoint()];
    builder.add(0, first, 'rw');
    builder.add(first, second, 'rw');
    builder.add(second, 1, 'rw');
    builder.add(1, 2, 'wr');
    builder.add(2, 0, 'ww');
    const { found } = search(builder.build());
    expect(found.get('G-single')?.examples).toEqual([
      [
        { transaction: 0, kind: 'rw' },
        { transaction: 1, kind: 'wr' },
        { transaction: 2, kind: 'ww' },
      ],
    ]);
  });
});

describe('strong components', () => {
  it('are the sets in which each node reaches all others', () => {
    fc.assert(
      fc.property(anyGraph, fc.integer({ min: 1, max: everyKind }), ({ nodes, edges }, mask) => {
        const { of } = strongComponents(graphOf(nodes, edges), mask);
        const reaches = Array.from({ length: nodes }, (_, at) => new Set([at]));
        for (let round = 0; round < nodes; round++) {
          for (const [from, to, kind] of edges) {
            if ((kindBit[kind] & mask) === 0) continue;
            for (const own of reaches) if (own.has(from)) own.add(to);
          }
        }
        for (let one = 0; one < nodes; one++) {
          for (let other = 0; other < nodes; other++) {
            const there = reaches[one]!.has(other);
            expect(of[one] === of[other]).toBe(there && reaches[other]!.has(one));
            // Numbers fall along edges, which lets a search turn back early.
            if (there) expect(of[one]!).toBeGreaterThanOrEqual(of[other]!);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('with cycles are those of two nodes and more', () => {
    const graph = graphOf(4, [
      [0, 1, 'ww'],
      [1, 3, 'ww'],
      [3, 1, 'rw'],
      [1, 2, 'wr'],
    ]);
    const components = cyclicComponents(strongComponents(graph, everyKind));
    expect(components.map((each) => [...each])).toEqual([[1, 3]]);
  });
});

it('kinds have a bit each', () => {
  expect(kinds.map((kind) => kindOf(kindBit[kind]))).toEqual(kinds);
  expect(() => kindOf(3)).toThrow(/bits of kindBit, got 3/);
});
