import type { EvidenceOperation, LinearizabilityFailure } from '../../core/evidence.ts';
import { jsonText } from '../figures.ts';
import { type Markup, markup } from '../markup/markup.ts';
import { shorten } from '../markup/visible.ts';
import { clockOf } from './clock.ts';
import {
  type Bar,
  type Timeline,
  type TimelineRow,
  barHeight,
  labelSpace,
  layOut,
} from './layout.ts';

/** A failure as a picture: processes as rows, operations as bars, the order found drawn through them. */
export function timeline(
  failure: LinearizabilityFailure,
  id: string,
): { picture: Markup; undrawn: number } {
  const layout = layOut(failure);
  const { width, height } = layout;
  const stuck = layout.bars.filter((bar) => bar.isStuck);
  const picture = markup`<svg class="timeline" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-labelledby="${id}-title">
<title id="${id}-title">Operations by process over time. ${shorten(failure.summary, 300)}</title>
<defs><pattern id="${id}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="7"/></pattern></defs>
${layout.ticks.map((tick) => tickLine(tick, height))}
${layout.rows.map((row) => rowLine(row, width))}
${stuck.map((bar) => markup`<rect class="blame" x="${bar.x}" y="26" width="${bar.width}" height="${height - 26}"/>`)}
${orderLine(layout)}
${layout.bars.map((bar) => barShape(bar, failure, id))}
${points(layout)}
${names(layout)}
</svg>`;
  return { picture, undrawn: layout.undrawn };
}

function tickLine({ x, text }: Timeline['ticks'][number], height: number): Markup {
  return markup`<line class="tick" x1="${x}" y1="20" x2="${x}" y2="${height}"/><text class="when" x="${x}" y="14">${text}</text>
`;
}

function rowLine({ y }: TimelineRow, width: number): Markup {
  const middle = y + barHeight / 2;
  return markup`<line class="row" x1="${labelSpace - 6}" y1="${middle}" x2="${width}" y2="${middle}"/>
`;
}

/** On a ground of their own, because they stay where they are while the rest is scrolled. */
function names({ rows, height }: Timeline): Markup {
  return markup`<g class="names"><rect class="ground" x="0" y="0" width="${labelSpace - 8}" height="${height}"/>${rows.map(({ y, label }) => markup`<text class="who" x="8" y="${y + barHeight / 2 + 4}">${label}</text>`)}</g>`;
}

/**
 * A bar says what it is three times: by colour, by shape (dashed, hatched, ragged end) and in words.
 * It takes the focus, so that its details can be read without a mouse.
 */
function barShape(bar: Bar, failure: LinearizabilityFailure, id: string): Markup {
  const operation = failure.operations[bar.operation] as EvidenceOperation;
  const kind = bar.isStuck ? 'stuck' : bar.step === null ? 'loose' : 'placed';
  const { x, y, width } = bar;
  const outline = bar.isOpen ? raggedPath(bar) : roundedPath(bar);
  const details = detailsOf(bar, failure);
  const textX = x + 28;
  const sign = bar.isStuck ? '✗' : bar.step === null ? '·' : String(bar.step);
  return markup`<g class="operation ${kind} ${operation.phase}" tabindex="0" role="img" aria-label="${details}" data-order="${orderOf(bar)}" data-stuck="${String(bar.isStuck)}"><path class="bar" d="${outline}"/>${bar.isStuck && markup`<path class="hatching" d="${outline}" fill="url(#${id}-hatch)"/>`}<circle class="badge" cx="${x + 14}" cy="${y + barHeight / 2}" r="10"/><text class="number" x="${x + 14}" y="${y + barHeight / 2 + 4}">${sign}</text><text class="what" x="${textX}" y="${y + 16}">${bar.text}</text><text class="state" x="${textX}" y="${y + 31}">${bar.stateText}</text>${bar.isOpen && markup`<text class="unknown" x="${x + width - 6}" y="${y + 24}">?</text>`}</g>
`;
}

/** First what could be placed, in its order, then what could not, then what nobody needs. */
function orderOf({ operation, step, isStuck }: Bar): number {
  if (step !== null) return step;
  return (isStuck ? 1e6 : 2e6) + operation;
}

function roundedPath({ x, y, width }: Bar): string {
  return `M${x + 4},${y}h${width - 8}q4,0 4,4v${barHeight - 8}q0,4 -4,4h${8 - width}q-4,0 -4,-4v${8 - barHeight}q0,-4 4,-4z`;
}

/** The torn right edge of an operation that never ended. */
function raggedPath({ x, y, width }: Bar): string {
  const tooth = barHeight / 6;
  const teeth = [1, 2, 3, 4, 5, 6].map((at) => `l${at % 2 === 1 ? 6 : -6},${tooth}`).join('');
  return `M${x + 4},${y}h${width - 4}${teeth}h${4 - width}q-4,0 -4,-4v${8 - barHeight}q0,-4 4,-4z`;
}

/** Leads through the points at which operations take effect, behind the bars so as to cover no text. */
function orderLine({ bars }: Timeline): Markup {
  const placed = bars
    .filter((bar) => bar.step !== null)
    .sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
  const path = placed.map(({ pointX, y }) => `${pointX.toFixed(1)},${String(y + barHeight - 1)}`);
  return markup`<polyline class="order" points="${path.join(' ')}"/>`;
}

function points({ bars }: Timeline): Markup[] {
  return bars
    .filter((bar) => bar.step !== null)
    .map(
      ({ pointX, y }) =>
        markup`<circle class="point" cx="${pointX}" cy="${y + barHeight - 1}" r="3.5"/>`,
    );
}

/** Everything about an operation in words, for hover, focus and screen readers. */
function detailsOf(bar: Bar, failure: LinearizabilityFailure): string {
  const operation = failure.operations[bar.operation] as EvidenceOperation;
  const { process, node, op, key, input, output, phase, callNs, returnNs } = operation;
  const clock = clockOf(failure.operations);
  const lasted = returnNs === null ? 'never returned' : `lasted ${clock.between(callNs, returnNs)}`;
  const state = failure.linearization[(bar.step ?? 0) - 1]?.state;
  const place =
    state !== undefined
      ? `takes effect as number ${String(bar.step)}, after which the state is ${shorten(state, 200)}`
      : bar.isStuck
        ? 'could not be placed anywhere'
        : 'not needed in the order found';
  return [
    shorten(operation.label, 200),
    `process ${String(process)}${node === null ? '' : ` on ${shorten(node, 40)}`}`,
    `${shorten(op, 40)}${key === null ? '' : ` of key ${shorten(String(key), 80)}`}`,
    `input ${jsonText(input, 120)}, output ${jsonText(output, 120)}`,
    `${phaseWords[phase]}; called at ${clock.at(callNs, 6)}, ${lasted}`,
    place,
  ].join('\n');
}

const phaseWords = {
  ok: 'ok: it took effect',
  info: 'info: its effect is unknown',
  fail: 'fail: it had no effect',
} as const;
