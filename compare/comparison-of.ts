import { mergeValidity } from '../core/verdict.ts';
import { plural } from '../reports/figures.ts';
import type { Comparison, ComparedFigure, GateOutcome } from '../reports/comparison/comparison.ts';
import { exitCodes } from '../runner/exit-codes.ts';
import { type Basis, cellPairs, compareSides } from './compare-sides.ts';
import { usualFigures } from './figures.ts';
import { type Gate, judgeGate } from './gate.ts';
import { type IntervalOptions, usualOptions } from './intervals.ts';
import type { Side } from './sides.ts';
import { cellWarnings, flawsOf } from './warnings.ts';

export interface ComparisonRequest {
  readonly kind: Comparison['kind'];
  /** The baseline first. */
  readonly sides: readonly [Side, ...Side[]];
  readonly basis: Basis;
  readonly gates: readonly Gate[];
  /** Figures to compare; the usual ones, and those of the gates, where empty. */
  readonly figures: readonly string[];
  /** What the caller knows to differ. */
  readonly warnings: readonly string[];
  readonly intervals?: IntervalOptions;
}

/** Compares, judges the gates, and says in one sentence what was shown. */
export function comparisonOf(request: ComparisonRequest): Comparison {
  const { kind, sides, basis, gates, intervals = usualOptions } = request;
  const [baseline, ...candidates] = sides;
  if (candidates.every((side) => cellPairs(baseline, side).length === 0)) {
    throw new Error(
      `expected at least one combination that ${baseline.label} and another have in common, found none; ` +
        'measure with the same --concurrency, --nodes, --read-ratio, --value-size and --world',
    );
  }
  const wanted = request.figures.length > 0 ? request.figures : usualFigures;
  const figures = [...new Set([...wanted, ...gates.map(({ figure }) => figure)])];
  const rows = compareSides(sides, { basis, figures, intervals });
  const outcomes = gates.map((gate) => judgeGate(gate, rows));
  const warnings = [
    ...request.warnings,
    ...flawsOf(
      baseline,
      baseline.cells.map(({ key }) => key),
    ),
    ...candidates.flatMap((side) => cellWarnings(baseline, side)),
  ];
  return {
    ...{ schema: 1, kind },
    things: sides.map(({ cells: _, ...thing }) => thing),
    basis: basis.words,
    confidence: intervals.confidence,
    ...{ rows, gates: outcomes, warnings },
    reason: reasonOf(rows, outcomes),
    exitCode: codeOf(candidates, outcomes),
  };
}

function reasonOf(rows: readonly ComparedFigure[], gates: readonly GateOutcome[]): string {
  const missed = gates.filter(({ outcome }) => outcome === 'missed');
  const idle = gates.filter(({ outcome }) => outcome === 'nothing to judge');
  const counts = (['worse', 'better'] as const)
    .map((verdict) => ({ verdict, number: rows.filter((row) => row.verdict === verdict).length }))
    .filter(({ number }) => number > 0)
    .map(({ verdict, number }) => `${number} ${verdict}`);
  const shown = counts.length === 0 ? 'no difference shown' : counts.join(', ');
  const compared = `${shown} among ${plural(rows.length, 'figure')}`;
  if (missed.length > 0) return `${plural(missed.length, 'gate')} missed; ${compared}`;
  if (idle.length > 0) return `${plural(idle.length, 'gate')} with nothing to judge; ${compared}`;
  return compared;
}

/**
 * Without a gate nothing fails. With one, a candidate that answered wrongly does, however fast; and a
 * gate that judged nothing must not look like one that was met.
 */
function codeOf(candidates: readonly Side[], gates: readonly GateOutcome[]): number {
  if (gates.length === 0) return exitCodes.valid;
  if (mergeValidity(candidates.map(({ valid }) => valid)) === 'invalid') return exitCodes.invalid;
  if (gates.some(({ outcome }) => outcome === 'missed')) return exitCodes.thresholdMissed;
  if (gates.some(({ outcome }) => outcome === 'nothing to judge')) return exitCodes.unknown;
  return exitCodes.valid;
}
