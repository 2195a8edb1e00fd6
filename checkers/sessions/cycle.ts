import type { OpEvent } from '../../core/event.ts';

/** Names a value of one register, or a gathering point. */
export type Name = string | number;

/** One value has to come before another in what `process` sees, or in what all see where it is null. */
export type Edge = { readonly from: Name; readonly to: Name; readonly process: number | null } & (
  | { readonly kind: 'initial' | 'gathering' }
  /** What a process did, to a gathering point of it. */
  | { readonly kind: 'gathered'; readonly words: string }
  /** What a process did after all that was gathered there. */
  | { readonly kind: 'afterAll'; readonly words: string; readonly event: OpEvent }
  /** What a process did after what it had done before. */
  | {
      readonly kind: 'after';
      readonly words: string;
      readonly event: OpEvent;
      readonly before: string;
    }
);

type Graph = ReadonlyMap<Name, readonly Edge[]>;

/** A cycle in what some process must respect; `unknown` when the steps ran out. */
export function violationIn(
  edges: readonly Edge[],
  budget: { steps: number },
): readonly Edge[] | null | 'unknown' {
  budget.steps -= edges.length;
  if (findCycle(graphOf(edges)) === null) return null;
  const shared = edges.filter(({ process }) => process === null);
  const own = Map.groupBy(
    edges.filter(({ process }) => process !== null),
    ({ process }) => process,
  );
  for (const more of [[], ...own.values()]) {
    budget.steps -= shared.length + more.length;
    if (budget.steps < 0) return 'unknown';
    const cycle = findCycle(graphOf([...shared, ...more]));
    if (cycle !== null) return cycle;
  }
  return null;
}

const graphOf = (edges: readonly Edge[]): Graph => Map.groupBy(edges, ({ from }) => from);

/** Depth first, without recursion: a history may be longer than the stack. */
function findCycle(graph: Graph): readonly Edge[] | null {
  const done = new Set<Name>();
  for (const start of graph.keys()) {
    if (done.has(start)) continue;
    const path: Edge[] = [];
    const places = new Map<Name, number>([[start, 0]]);
    const stack = [{ name: start, next: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const edge = graph.get(top.name)?.[top.next++];
      if (edge === undefined) {
        done.add(top.name);
        places.delete(top.name);
        stack.pop();
        path.pop();
        continue;
      }
      const place = places.get(edge.to);
      if (place !== undefined) return [...path.slice(place), edge];
      if (done.has(edge.to)) continue;
      path.push(edge);
      places.set(edge.to, path.length);
      stack.push({ name: edge.to, next: 0 });
    }
  }
  return null;
}

/** One thing that a process did after another, and the event that tells when. */
export interface CycleStep {
  readonly words: string;
  readonly event: OpEvent | null;
}

/** The cycle without its gathering points, as what was done after what. */
export function stepsOf(cycle: readonly Edge[]): readonly CycleStep[] {
  // Not in the middle of a gathering, so that what was gathered is known when it is used.
  const start = cycle.findIndex(({ kind }) => kind !== 'gathering' && kind !== 'afterAll');
  const steps: CycleStep[] = [];
  let gathered = '';
  for (const edge of [...cycle.slice(start), ...cycle.slice(0, start)]) {
    if (edge.kind === 'gathered') gathered = edge.words;
    if (edge.kind === 'initial')
      steps.push({ words: 'the initial value comes first', event: null });
    if (edge.kind !== 'after' && edge.kind !== 'afterAll') continue;
    const before = edge.kind === 'after' ? edge.before : gathered;
    steps.push({ words: `${edge.words} after it ${before}`, event: edge.event });
  }
  return steps;
}
