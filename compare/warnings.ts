import type { Json, JsonObject } from '../core/json.ts';
import type { Side } from './sides.ts';
import { cellPairs } from './compare-sides.ts';

/** Facts of a run or bench that may well explain a difference. */
const facts = ['dtest', 'node', 'platform', 'cores'] as const;

/** What else differs between two plans, `system (raft → paxos)` each; the seed and its draws are no plan. */
export function planDifferences(before: JsonObject, after: JsonObject): readonly string[] {
  const one = flat(before);
  const other = flat(after);
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names]
    .filter((name) => !drawn.has(name))
    .filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]))
    .map((name) => `${name} (${word(one[name])} → ${word(other[name])})`);
}

const drawn: ReadonlySet<string> = new Set(['seed', 'faults', 'operations', 'thresholds']);

/** Settings stand beside the rest. */
function flat({ settings, ...rest }: JsonObject): JsonObject {
  const named = Object.entries((settings ?? {}) as JsonObject);
  return { ...rest, ...Object.fromEntries(named.map(([name, value]) => [name, value])) };
}

export function factDifferences(before: JsonObject, after: JsonObject): readonly string[] {
  return facts
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => `${name} (${word(before[name])} → ${word(after[name])})`);
}

function word(value: Json | undefined): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) as string | undefined);
  return (text ?? 'none').slice(0, 60);
}

/** Cells that only one side has, and what takes away from the figures of those that both have. */
export function cellWarnings(baseline: Side, candidate: Side): readonly string[] {
  const pairs = cellPairs(baseline, candidate);
  const alone = (side: Side, paired: readonly string[]): string[] => {
    const names = side.cells.filter(({ key }) => !paired.includes(key)).map(({ name }) => name);
    if (names.length === 0) return [];
    const shown = names.slice(0, 5).join('; ');
    const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
    return [`only in ${side.label}, so not compared: ${shown}${more}`];
  };
  const keys = pairs.map(({ before }) => before.key);
  return [...alone(baseline, keys), ...alone(candidate, keys), ...flawsOf(candidate, keys)];
}

/** Of the cells with these keys. */
export function flawsOf({ label, cells }: Side, keys: readonly string[]): readonly string[] {
  return cells
    .filter(({ key }) => keys.includes(key))
    .flatMap(({ name, flaws }) =>
      flaws.map((flaw) => `${name === '' ? label : `${label}, ${name}`}: ${flaw}`),
    );
}
