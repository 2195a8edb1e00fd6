import type { BenchCell, KeyChoice, Load, Mix } from '../../core/bench.ts';
import type { WorldName } from '../../core/cluster.ts';
import type { Settings } from '../../core/system.ts';

/** What is compared: a system with its settings, under a name. */
export interface Subject {
  readonly name: string;
  readonly system: string;
  readonly settings: Settings;
}

/** Everything that is varied: each value with each of the others. */
export interface Axes {
  readonly subjects: readonly Subject[];
  readonly world: WorldName;
  readonly nodes: readonly number[];
  readonly loads: readonly Load[];
  readonly mixes: readonly Mix[];
  readonly keys: KeyChoice;
  readonly valueBytes: readonly number[];
  /** Null is steady state. */
  readonly faults: readonly (string | null)[];
}

/**
 * All combinations. Subjects change fastest, so that those that are compared come one right after the
 * other, and what drifts on the machine hits them alike.
 */
export function cellsOf(axes: Axes): readonly BenchCell[] {
  const cells: BenchCell[] = [];
  for (const fault of axes.faults)
    for (const nodes of axes.nodes)
      for (const valueBytes of axes.valueBytes)
        for (const mix of axes.mixes)
          for (const load of axes.loads)
            for (const subject of axes.subjects) {
              const rest = {
                world: axes.world,
                nodes,
                load,
                mix,
                keys: axes.keys,
                valueBytes,
                fault,
              };
              cells.push(cellOf(subject, rest));
            }
  return cells;
}

export function cellOf(
  { name, system, settings }: Subject,
  rest: Omit<BenchCell, 'id' | 'subject' | 'system' | 'settings'>,
): BenchCell {
  const { nodes, load, mix, valueBytes, fault } = rest;
  const words = [
    ...[name, `n${nodes}`, `c${load.clients}`],
    ...(load.kind === 'open' ? [`${load.rate}/s`] : []),
    ...[mix.name, `v${valueBytes}`],
    ...(fault === null ? [] : [fault]),
  ];
  return { id: words.join(' '), subject: name, system, settings, ...rest };
}

/** One measurement that is to be made. */
export interface PlannedRound {
  readonly cell: BenchCell;
  /** From 1. */
  readonly round: number;
}

/**
 * Round 1 of every cell, then round 2, …. From round to round the subjects of a group change places, so
 * that none is always the first after a pause, or always follows the same one.
 */
export function orderOf(
  cells: readonly BenchCell[],
  { subjects, rounds }: { readonly subjects: number; readonly rounds: number },
): readonly PlannedRound[] {
  const planned: PlannedRound[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (let group = 0; group < cells.length; group += subjects) {
      for (let place = 0; place < subjects; place++) {
        const cell = cells[group + ((place + round - 1) % subjects)];
        if (cell !== undefined) planned.push({ cell, round });
      }
    }
  }
  return planned;
}
