import type { OperationCosts } from '../../core/bench.ts';
import { type ChartDefinition, type Series, roundValue } from '../charts/definition.ts';
import { shorten } from '../markup/visible.ts';
import { type Group, type MeasuredCell, loadName, loadSize } from './cells.ts';
import { type MarkOf, bySubject } from './charts.ts';
import { estimateOf } from './estimate.ts';

const figures = [
  { name: 'messages', title: 'Messages for each operation', unit: 'messages' },
  { name: 'bytes', title: 'Bytes between nodes for each operation', unit: 'bytes' },
  { name: 'fsyncs', title: 'fsyncs for each operation', unit: 'fsyncs' },
] as const;

/** What an operation costs the nodes together, as the load grows. */
export function costCharts(group: Group, number: number, markOf: MarkOf): ChartDefinition[] {
  if (!group.cells.some(({ rounds }) => rounds.some(({ costs }) => costs !== null))) return [];
  const loads = new Map(
    [...group.cells]
      .sort((a, b) => loadSize(a.cell.load) - loadSize(b.cell.load))
      .map(({ cell }) => [loadSize(cell.load), loadName(cell.load)]),
  );
  return figures.map(({ name, title, unit }) => {
    const series = bySubject(group).flatMap(([subject, cells]): Series[] => {
      const means = [...loads.keys()].map((load) => {
        const found = cells.find(({ cell }) => loadSize(cell.load) === load);
        return found === undefined ? null : meanOf(found, name);
      });
      if (means.every((each) => each === null)) return [];
      const label = shorten(subject, 40);
      return [
        { label, mark: markOf(subject), drawn: 'bars', x: means.map((_, at) => at), y: means },
      ];
    });
    const most = Math.max(0, ...series.flatMap(({ y }) => y.map((each) => each ?? 0)));
    return {
      name: `${name}-${String(number)}`,
      title,
      subtitle: `${group.name}; all nodes together, for each successful operation`,
      description: `${title}: ${series.map(({ label, y }) => `${label} ${[...loads.values()].map((load, at) => `${String(y[at] ?? '–')} at ${load}`).join(', ')}`).join('; ')}.`,
      xAxis: 'names',
      names: [...loads.values()],
      ...{ xLabel: 'load', xMax: loads.size, yLabel: `${unit} an operation`, yUnit: unit },
      ...{ yScale: 'linear', yMin: 0, yMax: (most > 0 ? most : 1) * 1.15, series, faults: [] },
    };
  });
}

function meanOf({ rounds }: MeasuredCell, name: keyof OperationCosts): number | null {
  const told = rounds.flatMap(({ costs }) => (costs === null ? [] : [costs[name]]));
  const estimate = estimateOf(told);
  return estimate === null ? null : roundValue(estimate.mean);
}
