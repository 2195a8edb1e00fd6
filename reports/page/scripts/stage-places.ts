import type { Pen } from './dom.ts';
import type { Item, View } from './scene.ts';

// The functions of this file run in the page, which gets their text (`placeFunctions`): they use
// nothing from outside but their arguments and each other.

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where things of a scene stand on a screen; handed over, because the page has them by their text alone. */
export interface Places {
  readonly xAt: typeof xAt;
  readonly middleOf: typeof middleOf;
  readonly boxOf: typeof boxOf;
  readonly endsOf: typeof endsOf;
  readonly fitting: typeof fitting;
}

export function xAt(timeS: number, { fromS, toS, left, right }: View): number {
  return left + ((timeS - fromS) / (toS - fromS)) * (right - left);
}

export function middleOf(lane: number, { top, laneHeight }: View): number {
  return top + (lane + 0.5) * laneHeight;
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

/** Where an arrow begins and ends; one that never arrived ends on its way. */
export function endsOf(item: Item, view: View): { readonly from: Point; readonly to: Point } {
  const from = { x: xAt(item.fromS, view), y: middleOf(item.lane, view) };
  if (item.toS !== Infinity)
    return { from, to: { x: xAt(item.toS, view), y: middleOf(item.toLane, view) } };
  const y = from.y + (middleOf(item.toLane, view) - from.y) * 0.45;
  return { from, to: { x: from.x + Math.abs(y - from.y) * 0.5, y } };
}

/** As much of a text as there is room for. */
export function fitting(pen: Pen, text: string, width: number): string {
  if (pen.measureText(text).width <= width) return text;
  let length = text.length - 1;
  while (length > 0 && pen.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return length > 0 ? `${text.slice(0, length)}…` : '';
}

export const placeFunctions: readonly string[] = [xAt, middleOf, boxOf, endsOf, fitting].map(
  String,
);
