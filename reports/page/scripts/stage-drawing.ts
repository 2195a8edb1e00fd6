import type { FaultBand } from '../../charts/fault-bands.ts';
import type { Pen } from './dom.ts';
import type { Item, Look, Scene, View } from './scene.ts';

// The functions of this file run in the page, which gets their text (`drawingFunctions`): they use
// nothing from outside but their arguments and each other.

/** Colours of the page by their variables' names, and what is pointed at. */
export interface Palette {
  readonly color: (name: string) => string;
  readonly font: string;
  readonly selected: number | null;
}

/** Draws a scene from scratch. */
export function drawScene(
  pen: Pen,
  scene: Scene,
  view: View,
  { palette, faults }: { readonly palette: Palette; readonly faults: readonly FaultBand[] },
): void {
  const { left, right, height, size } = view;
  pen.textBaseline = 'middle';
  pen.fillStyle = palette.color('--paper');
  pen.fillRect(0, 0, right, height);
  pen.save();
  pen.beginPath();
  pen.rect(left, 0, right - left, height);
  pen.clip();
  for (const band of faults) drawFault(pen, band, view, palette);
  drawTicks(pen, view, palette);
  pen.restore();
  drawLanes(pen, scene, view, palette);
  pen.save();
  pen.beginPath();
  pen.rect(left, view.top, right - left, height);
  pen.clip();
  pen.font = `${String(size * 0.85)}px ${palette.font}`;
  const isCrowded = scene.items.length > 4000;
  const selected = scene.items.find((item) => item.id === palette.selected);
  for (const item of scene.items)
    if (item.kind === 'bar') drawBar(pen, item, view, { palette, isCrowded });
  for (const item of scene.items) if (item.kind === 'arrow') drawArrow(pen, item, view, palette);
  const arrows = scene.items.filter(({ kind }) => kind === 'arrow');
  if (arrows.length * size * 1.6 <= right - left)
    for (const item of arrows) nameArrow(pen, item, view, palette);
  for (const item of scene.items) if (item.kind === 'note') drawNote(pen, item, view, palette);
  if (selected !== undefined) drawSelection(pen, selected, view, palette);
  pen.restore();
}

export function xAt(timeS: number, { fromS, toS, left, right }: View): number {
  return left + ((timeS - fromS) / (toS - fromS)) * (right - left);
}

export function middleOf(lane: number, { top, laneHeight }: View): number {
  return top + (lane + 0.5) * laneHeight;
}

/** Shades a fault and names it, with a line where it turns. */
function drawFault(pen: Pen, band: FaultBand, view: View, palette: Palette): void {
  const { fromS, toS, left, right, top, height, size } = view;
  if (band.endS < fromS || band.beginS > toS) return;
  const from = Math.max(left, xAt(band.beginS, view));
  const to = Math.min(right, xAt(band.endS, view));
  pen.globalAlpha = 0.13;
  pen.fillStyle = palette.color('--unsure');
  pen.fillRect(from, top - size * 1.5, to - from, height);
  pen.globalAlpha = 1;
  pen.strokeStyle = palette.color('--unsure');
  pen.lineWidth = 1;
  pen.setLineDash([4, 4]);
  for (const timeS of [band.beginS, band.healS]) {
    const x = xAt(timeS, view);
    pen.beginPath();
    pen.moveTo(x, top - size * 1.5);
    pen.lineTo(x, height);
    pen.stroke();
  }
  pen.setLineDash([]);
  pen.font = `${String(size * 0.8)}px ${palette.font}`;
  pen.fillStyle = palette.color('--ink');
  pen.textAlign = 'left';
  const name = band.labels.find((label) => pen.measureText(label).width < to - from - 8);
  if (name !== undefined) pen.fillText(name, from + 4, top - size * 0.75);
}

/** Steps of time that can be read off, as many as there is room for. */
function drawTicks(pen: Pen, view: View, palette: Palette): void {
  const { fromS, toS, left, right, top, height, size } = view;
  const roughS = ((toS - fromS) / (right - left)) * size * 8;
  const power = 10 ** Math.floor(Math.log10(roughS));
  const stepS = power * ([1, 2, 5, 10].find((each) => each * power >= roughS) ?? 10);
  const decimals = Math.max(0, Math.min(6, Math.ceil(-Math.log10(stepS) - 1e-9)));
  pen.font = `${String(size * 0.8)}px ${palette.font}`;
  pen.textAlign = 'center';
  pen.lineWidth = 1;
  for (let at = Math.ceil(fromS / stepS); at * stepS <= toS; at++) {
    const x = Math.round(xAt(at * stepS, view)) + 0.5;
    pen.strokeStyle = palette.color('--line');
    pen.beginPath();
    pen.moveTo(x, top - size * 1.5);
    pen.lineTo(x, height);
    pen.stroke();
    pen.fillStyle = palette.color('--faint');
    const text = `${(at * stepS).toFixed(decimals)} s`;
    const half = pen.measureText(text).width / 2;
    pen.fillText(text, Math.min(right - half - 2, Math.max(left + half + 2, x)), size * 0.8);
  }
}

function drawLanes(pen: Pen, { lanes }: Scene, view: View, palette: Palette): void {
  const { left, right, laneHeight, size } = view;
  pen.font = `${String(size * 0.85)}px ${palette.font}`;
  pen.textAlign = 'right';
  pen.lineWidth = 1;
  lanes.forEach(({ label }, lane) => {
    const y = Math.round(middleOf(lane, view)) + 0.5;
    pen.strokeStyle = palette.color('--line');
    pen.beginPath();
    pen.moveTo(left, y);
    pen.lineTo(right, y);
    pen.stroke();
    if (label === '') return;
    if (lane > 0) {
      pen.beginPath();
      pen.moveTo(0, y - laneHeight / 2);
      pen.lineTo(left, y - laneHeight / 2);
      pen.stroke();
    }
    pen.fillStyle = palette.color('--faint');
    pen.fillText(fitting(pen, label, left - 10), left - 6, y);
  });
}

/** As much of a text as there is room for. */
function fitting(pen: Pen, text: string, width: number): string {
  if (pen.measureText(text).width <= width) return text;
  let length = text.length - 1;
  while (length > 0 && pen.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return length > 0 ? `${text.slice(0, length)}…` : '';
}

function tintsOf(look: Look): { readonly line: string; readonly wash: string } {
  if (look === 'bad' || look === 'lost') return { line: '--bad', wash: '--bad-wash' };
  if (look === 'fail') return { line: '--unsure', wash: '--paper' };
  if (look === 'info' || look === 'answer') return { line: '--loose', wash: '--loose-wash' };
  return { line: '--placed', wash: '--placed-wash' };
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a bar stands; what never ended reaches to the edge. */
export function boxOf(item: Item, view: View): Box {
  const x = Math.max(view.left - 4, xAt(item.fromS, view));
  const end = Math.min(
    view.right + 4,
    item.toS === Infinity ? view.right + 4 : xAt(item.toS, view),
  );
  const height = view.laneHeight * 0.74;
  return { x, y: middleOf(item.lane, view) - height / 2, width: Math.max(1.5, end - x), height };
}

/** Outcomes differ by shape too: failed is hatched, unknown is dashed and ends in a question mark. */
function drawBar(
  pen: Pen,
  item: Item,
  view: View,
  { palette, isCrowded }: { readonly palette: Palette; readonly isCrowded: boolean },
): void {
  const { x, y, width, height } = boxOf(item, view);
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
    fitting(pen, `${mark}${item.text}${sign}`, width - 8),
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
function drawArrow(pen: Pen, item: Item, view: View, palette: Palette): void {
  const { from, to } = endsOf(item, view);
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
function nameArrow(pen: Pen, item: Item, view: View, palette: Palette): void {
  const { from, to } = endsOf(item, view);
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

interface Point {
  readonly x: number;
  readonly y: number;
}

export function endsOf(item: Item, view: View): { readonly from: Point; readonly to: Point } {
  const from = { x: xAt(item.fromS, view), y: middleOf(item.lane, view) };
  if (item.toS !== Infinity)
    return { from, to: { x: xAt(item.toS, view), y: middleOf(item.toLane, view) } };
  const y = from.y + (middleOf(item.toLane, view) - from.y) * 0.45;
  return { from, to: { x: from.x + Math.abs(y - from.y) * 0.5, y } };
}

/** Something a node said: a diamond on its line. */
function drawNote(pen: Pen, item: Item, view: View, palette: Palette): void {
  const { x, y } = endsOf(item, view).from;
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

function drawSelection(pen: Pen, item: Item, view: View, palette: Palette): void {
  pen.strokeStyle = palette.color('--ink');
  pen.lineWidth = 3;
  if (item.kind === 'bar') {
    const { x, y, width, height } = boxOf(item, view);
    pen.strokeRect(x - 2, y - 2, width + 4, height + 4);
    return;
  }
  const { from, to } = endsOf(item, view);
  pen.beginPath();
  if (item.kind === 'note') pen.arc(from.x, from.y, 9, 0, 7);
  else {
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x, to.y);
  }
  pen.stroke();
}

export const drawingFunctions: readonly string[] = [
  ...[drawScene, xAt, middleOf, drawFault, drawTicks, drawLanes, fitting, tintsOf, boxOf],
  ...[drawBar, hatch, drawArrow, nameArrow, endsOf, drawNote, drawSelection],
].map(String);
