import type { ComparedFigure, GateOutcome } from '../reports/comparison/comparison.ts';
import { changeText } from '../reports/comparison/words.ts';
import { figureNames, figureSpec } from './figures.ts';

/** A demand such as `p99>+10%`: it is missed by a change for the worse that is larger. */
export interface Gate {
  readonly text: string;
  readonly figure: string;
  /** Signed, in percent, or in the figure's unit where differences are compared. */
  readonly limit: number;
}

const form = /^\s*([\w.-]+?)\s*([<>])\s*([+-]?\d+(?:\.\d+)?)\s*(%?)\s*$/u;

/** Reads `throughput<-5%,p99>+10%`; throws, saying what is understood, where it cannot. */
export function parseGates(text: string): readonly Gate[] {
  const parts = text.split(',').map((each) => each.trim());
  if (parts.some((each) => each === '')) {
    throw new Error(`${expected} between commas, got "${text}"`);
  }
  return parts.map(parseGate);
}

const expected = 'expected demands like "throughput<-5%" or "p99>+10%"';

function parseGate(text: string): Gate {
  const match = form.exec(text);
  if (match === null) throw new Error(`${expected}, got "${text}"`);
  const [, figure = '', operator, number = '', percent] = match;
  const spec = figureSpec(figure);
  if (spec === undefined) {
    throw new Error(`${expected}, with one of the figures ${figureNames()}; got "${figure}"`);
  }
  const limit = Number(number);
  const worse = spec.better === 'higher' ? '<' : '>';
  const example = spec.better === 'higher' ? `${figure}<-5` : `${figure}>+10`;
  const unit = spec.effect === 'ratio' ? '%' : '';
  if (operator !== worse) {
    throw new Error(
      `expected "${example}${unit}" or the like, because ${spec.better} is better and a gate names what fails; got "${text}"`,
    );
  }
  if (Math.sign(limit) === (worse === '<' ? 1 : -1)) {
    throw new Error(
      `expected the limit to be a change for the worse, as in "${example}${unit}", got "${text}"`,
    );
  }
  if (spec.effect === 'ratio' && percent === '') {
    throw new Error(
      `expected the limit in percent of the baseline, as in "${example}%", got "${text}"`,
    );
  }
  if (spec.effect === 'difference' && spec.unit !== '%' && percent === '%') {
    throw new Error(
      `expected the limit as a plain difference, as in "${example}", because ${figure} may be 0; got "${text}"`,
    );
  }
  refuseOutOfReach({ text, figure, limit });
  return { text, figure, limit };
}

/** What no change can be beyond would be met by any: throughput falls by 100 % at most, and errors are shares. */
function refuseOutOfReach({ text, figure, limit }: Gate): void {
  const isShare = figure === 'throughput' || figure === 'errors';
  if (!isShare || Math.abs(limit) < 100) return;
  throw new Error(`expected a limit that ${figure} can be beyond, less than 100 %, got "${text}"`);
}

/**
 * A gate is missed where the measured change is beyond its limit and the interval leaves out no change at
 * all. A change that may be chance fails no build; one so large that it matters says how many more rounds
 * it asks for.
 */
export function judgeGate(
  { text, figure, limit }: Gate,
  rows: readonly ComparedFigure[],
): GateOutcome {
  const own = rows.filter((row) => row.figure === figure);
  const told = own.filter(({ verdict }) => verdict !== 'untold');
  if (told.length === 0) {
    const why =
      own.length === 0
        ? `no round tells ${figure}`
        : `fewer than three rounds of both tell ${figure}`;
    return { text, outcome: 'nothing to judge', reasons: [why] };
  }
  const beyond = told.filter(({ change }) => isBeyond(change?.estimate ?? 0, limit, own));
  const missed = beyond.filter(({ verdict }) => verdict === 'worse');
  if (missed.length > 0) return { text, outcome: 'missed', reasons: missed.map(changeText) };
  if (beyond.length > 0) return { text, outcome: 'not shown', reasons: beyond.map(changeText) };
  return { text, outcome: 'met', reasons: [] };
}

function isBeyond(estimate: number, limit: number, [row]: readonly ComparedFigure[]): boolean {
  return row?.better === 'higher' ? estimate < limit : estimate > limit;
}
