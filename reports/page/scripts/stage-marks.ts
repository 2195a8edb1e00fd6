import type { Easel } from './easel.ts';
import type { Item, Look } from './scene.ts';
import type { Box } from './stage-places.ts';
import type { Pen } from './dom.ts';

// The functions of this file run in the page, which gets their text (`markFunctions`): they use
// nothing from outside but their arguments and each other.

/** What draws the items of a scene; handed over, because the page has it by its text alone. */
export interface Marks {
  readonly drawBar: typeof drawBar;
  readonly drawArrow: typeof drawArrow;
  readonly nameArrow: typeof nameArrow;
  readonly drawNote: typeof drawNote;
  readonly drawSelection: typeof drawSelection;
}

function tintsOf(look: Look): { readonly line: string; readonly wash: string } {
  if (look === 'bad' || look === 'lost') return { line: '--bad', wash: '--bad-wash' };
  if (look === 'fail') return { line: '--unsure', wash: '--paper' };
  if (look === 'info' || look === 'answer') return { line: '--loose', wash: '--loose-wash' };
  return { line: '--placed', wash: '--placed-wash' };
}

/** Outcomes differ by shape too: failed is hatched, unknown is dashed and ends in a question mark. */
export function drawBar(
  { pen, view, palette, places }: Easel,
  item: Item,
  isCrowded: boolean,
): void {
  const { x, y, width, height } = places.boxOf(item, view);
  const { line, wash } = tintsOf(item.look);
  const isNarrow = width < 5;
  pen.fillStyle = palette.color(isNarrow ? line : wash);
  pen.fillRect(x, y, width, height);
  if (item.look === 'bad' && width < 22) {
    pen.fillStyle = palette.color('--bad');
    pen.textAlign = 'center';
    pen.fillText('✗', x + width / 2, y + height / 2);
  }
  if (isNarrow || isCrowded) return;
  pen.strokeStyle = palette.color(line);
  pen.lineWidth = item.look === 'bad' ? 2.5 : 1.2;
  if (item.look === 'fail' || item.look === 'bad') hatch(pen, { x, y, width, height });
  if (item.look === 'info') pen.setLineDash([5, 3]);
  pen.strokeRect(x, y, width, height);
  pen.setLineDash([]);
  const sign = item.look === 'info' ? ' ?' : item.look === 'fail' ? ' –' : '';
  const mark = item.look === 'bad' ? '✗ ' : '';
  if (width < 22) return;
  pen.textAlign = 'left';
  pen.fillStyle = palette.color('--ink');
  pen.fillText(
    places.fitting(pen, `${mark}${item.text}${sign}`, width - 8),
    Math.max(x, view.left) + 5,
    y + height / 2 + 0.5,
  );
}

function hatch(pen: Pen, { x, y, width, height }: Box): void {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, width, height);
  pen.clip();
  pen.globalAlpha = 0.35;
  pen.beginPath();
  for (let at = x - height; at < x + width; at += 7) {
    pen.moveTo(at, y + height);
    pen.lineTo(at + height, y);
  }
  pen.stroke();
  pen.restore();
}

/** From where it was sent to where it arrived; one that never did ends in a cross on its way. */
export function drawArrow({ pen, view, palette, places }: Easel, item: Item): void {
  const { from, to } = places.endsOf(item, view);
  const color = palette.color(tintsOf(item.look).line);
  pen.strokeStyle = color;
  pen.fillStyle = color;
  pen.lineWidth = 1.3;
  if (item.look === 'answer') pen.setLineDash([5, 3]);
  pen.beginPath();
  pen.moveTo(from.x, from.y);
  pen.lineTo(to.x, to.y);
  pen.stroke();
  pen.setLineDash([]);
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  pen.beginPath();
  if (item.look === 'lost') {
    for (const [a, b] of [
      [-4, -4],
      [-4, 4],
    ] as const) {
      pen.moveTo(to.x + a, to.y + b);
      pen.lineTo(to.x - a, to.y - b);
    }
    pen.lineWidth = 2;
    pen.stroke();
    return;
  }
  pen.moveTo(to.x, to.y);
  pen.lineTo(to.x - 8 * ux + 3.5 * uy, to.y - 8 * uy - 3.5 * ux);
  pen.lineTo(to.x - 8 * ux - 3.5 * uy, to.y - 8 * uy + 3.5 * ux);
  pen.closePath();
  pen.fill();
}

/** What kind of message it is, by its beginning, where the lines of others are still apart. */
export function nameArrow({ pen, view, palette, places }: Easel, item: Item): void {
  const { from, to } = places.endsOf(item, view);
  const share = item.toS === Infinity ? 0.5 : 0.3;
  const [x, y] = [from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share];
  const { width } = pen.measureText(item.text);
  pen.textAlign = 'center';
  pen.globalAlpha = 0.8;
  pen.fillStyle = palette.color('--paper');
  pen.fillRect(x - width / 2 - 2, y - view.size * 0.5, width + 4, view.size);
  pen.globalAlpha = 1;
  pen.fillStyle = palette.color(item.look === 'lost' ? '--bad' : '--faint');
  pen.fillText(item.text, x, y);
}

/** Something a node said: a diamond on its line. */
export function drawNote({ pen, view, palette, places }: Easel, item: Item): void {
  const { x, y } = places.endsOf(item, view).from;
  pen.fillStyle = palette.color('--unsure');
  pen.strokeStyle = palette.color('--paper');
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo(x, y - 6);
  pen.lineTo(x + 6, y);
  pen.lineTo(x, y + 6);
  pen.lineTo(x - 6, y);
  pen.closePath();
  pen.fill();
  pen.stroke();
}

export function drawSelection({ pen, view, palette, places }: Easel, item: Item): void {
  pen.strokeStyle = palette.color('--ink');
  pen.lineWidth = 3;
  if (item.kind === 'bar') {
    const { x, y, width, height } = places.boxOf(item, view);
    pen.strokeRect(x - 2, y - 2, width + 4, height + 4);
    return;
  }
  const { from, to } = places.endsOf(item, view);
  pen.beginPath();
  if (item.kind === 'note') pen.arc(from.x, from.y, 9, 0, 7);
  else {
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x, to.y);
  }
  pen.stroke();
}

export const markFunctions: readonly string[] = [
  ...[tintsOf, drawBar, hatch, drawArrow, nameArrow, drawNote, drawSelection],
].map(String);
