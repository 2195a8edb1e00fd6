import type { Plan } from '../../core/run.ts';
import { duration, plural } from '../../reports/figures.ts';
import { textTable } from '../../reports/text-table.ts';

/** `12 operations, 2 faults, 3 nodes`. */
export function sizeWords({ operations = [], faults, nodes }: Plan): string {
  const parts = [plural(operations.length, 'operation'), plural(faults.length, 'fault')];
  return [...parts, plural(nodes, 'node')].join(', ');
}

/** What there was and what is left, for a terminal. */
export function changesTable(before: Plan, after: Plan): string {
  const now = new Map(sizesOf(after));
  return textTable(
    [{ title: '' }, { title: 'before', right: true }, { title: 'after', right: true }],
    sizesOf(before).map(([name, size]) => [name, size, now.get(name) ?? '']),
  );
}

function sizesOf(plan: Plan): [string, string][] {
  const { operations = [], faults, nodes, conditions } = plan;
  const distinct = (values: readonly unknown[]): string => String(new Set(values).size);
  const share = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const lastMs = Math.max(0, ...operations.map(({ atNs }) => atNs)) / 1e6;
  const sizes: [string, string][] = [
    ['operations', String(operations.length)],
    ['clients', distinct(operations.map(({ worker }) => worker))],
    ['keys', distinct(operations.map(({ key }) => key))],
    ['faults', String(faults.length)],
    ['time under faults', duration(faults.reduce((sum, { durationMs }) => sum + durationMs, 0))],
    ['nodes', String(nodes)],
    ['last operation after', duration(lastMs)],
  ];
  if (conditions === undefined) return sizes;
  const { network, disk, clocks } = conditions;
  return [
    ...sizes,
    ['network delay', `${network.delayMs.join('–')} ms`],
    ['loss', share(network.loss)],
    ['duplication', share(network.duplication)],
    ['reordering', share(network.reordering)],
    ['sync', `${disk.syncMs.join('–')} ms`],
    ['clock drift', share(clocks.drift)],
  ];
}
