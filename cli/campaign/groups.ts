import type { Group, Outcome } from '../../reports/campaign/campaign-summary.ts';
import { type ResultLine, operationsOf } from './result-line.ts';

/** Gathers runs that ended in the same way, and keeps the smallest of each. */
export interface Groups {
  add(line: ResultLine): void;
  /** How many runs ended as this one did, itself included once it was added. */
  sizeOf(line: ResultLine): number;
  /** Notes where a run was saved. It is among the examples then, however large. */
  saved(line: ResultLine, path: string): void;
  /** Of these outcomes, in this order: of each the group that takes the fewest operations first. */
  list(outcomes: readonly Outcome[], commandOf: (line: ResultLine) => string): readonly Group[];
}

/** Examples kept of a kind, beside those that were saved; the others are counted. */
const mostExamples = 10;

interface Gathered {
  readonly outcome: Outcome;
  readonly kind: string;
  count: number;
  smallest: ResultLine[];
  readonly saved: Map<ResultLine, string>;
}

export function groupsOf(): Groups {
  const groups = new Map<string, Gathered>();
  const groupFor = ({ outcome, kind = '' }: ResultLine): Gathered => {
    const key = `${outcome} ${kind}`;
    const known = groups.get(key);
    if (known !== undefined) return known;
    const fresh: Gathered = { outcome, kind, count: 0, smallest: [], saved: new Map() };
    groups.set(key, fresh);
    return fresh;
  };
  return {
    add(line) {
      const group = groupFor(line);
      group.count++;
      const place = group.smallest.findIndex((other) => bySize(line, other) < 0);
      group.smallest.splice(place < 0 ? group.smallest.length : place, 0, line);
      if (group.smallest.length > mostExamples) group.smallest.pop();
    },
    sizeOf: (line) => groupFor(line).count,
    saved: (line, path) => void groupFor(line).saved.set(line, path),
    list(outcomes, commandOf) {
      const wanted = [...groups.values()].filter(
        ({ outcome, count }) => count > 0 && outcomes.includes(outcome),
      );
      return wanted
        .map((group) => ({ group, lines: examplesOf(group) }))
        .sort(
          (one, other) =>
            outcomes.indexOf(one.group.outcome) - outcomes.indexOf(other.group.outcome) ||
            bySize(one.lines[0], other.lines[0]),
        )
        .map(({ group, lines }) => ({
          outcome: group.outcome,
          kind: group.kind,
          count: group.count,
          examples: lines.map((line) => ({
            combination: line.combination,
            seed: line.seed,
            reason: line.reason ?? '',
            operations: sizeOf(line),
            command: commandOf(line),
            path: group.saved.get(line) ?? null,
            stack: line.stack ?? null,
          })),
        }));
    },
  };
}

/** Without repetition, the smallest first. */
function examplesOf({ smallest, saved }: Gathered): ResultLine[] {
  return [...new Set([...smallest, ...saved.keys()])].sort(bySize);
}

/** What there is to read until the failure is understood. */
function sizeOf(line: ResultLine): number {
  return line.toViolation ?? operationsOf(line);
}

function bySize(one: ResultLine | undefined, other: ResultLine | undefined): number {
  if (one === undefined || other === undefined) return 0;
  const size = sizeOf(one) - sizeOf(other);
  return size || one.combination - other.combination || one.seed - other.seed;
}
