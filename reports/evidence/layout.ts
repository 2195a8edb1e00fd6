import type { EvidenceOperation, LinearizabilityFailure } from '../../core/evidence.ts';
import { shorten } from '../markup/visible.ts';
import { clockOf } from './clock.ts';

/** Where everything of a failure's timeline stands, in pixels. */
export interface Timeline {
  readonly width: number;
  readonly height: number;
  readonly rows: readonly TimelineRow[];
  readonly bars: readonly Bar[];
  /** Moments worth a line, with the time since the first call. */
  readonly ticks: readonly { readonly x: number; readonly text: string }[];
  /** Operations of the failure that found no room in the picture. */
  readonly undrawn: number;
}

export interface TimelineRow {
  readonly y: number;
  readonly label: string;
}

export interface Bar {
  /** Index into the failure's operations. */
  readonly operation: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly text: string;
  /** No end: whatever it did may still happen. */
  readonly isOpen: boolean;
  readonly isStuck: boolean;
  /** Its place in the linearization, from 1, and the state after it. */
  readonly step: number | null;
  readonly stateText: string;
  /** Where on the bar it takes effect. */
  readonly pointX: number;
}

export const barHeight = 38;
/** Where the names of the rows end. */
export const labelSpace = 124;
const rowHeight = 50;
const topSpace = 34;

const characterWidth = 7.3;
const maximumOperations = 120;
const maximumLabel = 30;

export function layOut(failure: LinearizabilityFailure): Timeline {
  const drawn = chooseDrawn(failure);
  const columns = columnsOf(failure, drawn);
  const rows = rowsOf(failure, drawn);
  const width = columns.end + 28;
  const bars = drawn.map((at) => barOf(failure, at, { columns, rows }));
  return {
    width,
    height: topSpace + rows.size * rowHeight + 6,
    rows: [...rows.values()],
    bars: withPoints(bars),
    ticks: columns.ticks,
    undrawn: failure.operations.length - drawn.length,
  };
}

/** All of them, or the stuck ones with those nearest to them in time. */
function chooseDrawn({ operations, stuck }: LinearizabilityFailure): number[] {
  const all = operations.map((_, at) => at);
  if (all.length <= maximumOperations) return all;
  const focusNs = operations[stuck[0] ?? all.length - 1]?.callNs ?? 0;
  const distance = (at: number): number =>
    stuck.includes(at) ? -1 : Math.abs((operations[at]?.callNs ?? 0) - focusNs);
  return all
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, maximumOperations)
    .sort((a, b) => a - b);
}

interface Columns {
  readonly xOf: ReadonlyMap<number, number>;
  readonly end: number;
  readonly ticks: Timeline['ticks'];
}

/**
 * Gives every moment at which something began or ended a column. Order is kept exactly; distances
 * grow with the root of the time, so that a timeout does not squeeze all else, and are widened until
 * each label fits into its bar.
 */
function columnsOf(failure: LinearizabilityFailure, drawn: readonly number[]): Columns {
  const operations = drawn.flatMap((at) => {
    const operation = failure.operations[at];
    return operation === undefined ? [] : [{ operation, widthPx: barWidth(failure, at) }];
  });
  const moments = [
    ...new Set(operations.flatMap(({ operation }) => [operation.callNs, operation.returnNs])),
  ]
    .filter((each) => each !== null)
    .sort((a, b) => a - b);
  const longestNs = moments.reduce(
    (most, each, at) => Math.max(most, each - (moments[at - 1] ?? each)),
    1,
  );
  const returning = Map.groupBy(operations, ({ operation }) => operation.returnNs);
  const xOf = new Map<number, number>();
  let x = labelSpace;
  let previousNs = moments[0] ?? 0;
  for (const moment of moments) {
    x += 10 + Math.round(44 * Math.sqrt((moment - previousNs) / longestNs));
    for (const { operation, widthPx } of returning.get(moment) ?? []) {
      x = Math.max(x, (xOf.get(operation.callNs) ?? x) + widthPx);
    }
    xOf.set(moment, x);
    previousNs = moment;
  }
  const open = returning.get(null) ?? [];
  const end = open.reduce(
    (most, { operation, widthPx }) => Math.max(most, (xOf.get(operation.callNs) ?? 0) + widthPx),
    x + 24,
  );
  return { xOf, end, ticks: ticksOf(failure, moments, xOf) };
}

function ticksOf(
  failure: LinearizabilityFailure,
  moments: readonly number[],
  xOf: ReadonlyMap<number, number>,
): Timeline['ticks'] {
  const clock = clockOf(failure.operations);
  const ticks: { x: number; text: string }[] = [];
  for (const moment of moments) {
    const x = xOf.get(moment) ?? 0;
    if (x - (ticks.at(-1)?.x ?? -Infinity) < 92) continue;
    ticks.push({ x, text: clock.at(moment, 4) });
  }
  return ticks;
}

/** A row for each process, in the order in which they first appear. */
function rowsOf(
  failure: LinearizabilityFailure,
  drawn: readonly number[],
): Map<number, TimelineRow> {
  const rows = new Map<number, TimelineRow>();
  const all = drawn.map((at) => failure.operations[at]).filter((each) => each !== undefined);
  for (const { process, node } of [...all].sort((a, b) => a.process - b.process)) {
    if (rows.has(process)) continue;
    const label = `process ${String(process)}${node === null ? '' : `, ${shorten(node, 8)}`}`;
    rows.set(process, { y: topSpace + rows.size * rowHeight, label: shorten(label, 20) });
  }
  return rows;
}

interface Grid {
  readonly columns: Columns;
  readonly rows: ReadonlyMap<number, TimelineRow>;
}

function barOf(failure: LinearizabilityFailure, at: number, { columns, rows }: Grid): Bar {
  const operation = failure.operations[at] as EvidenceOperation;
  const { step, stateText } = stepOf(failure, at);
  const x = columns.xOf.get(operation.callNs) ?? 0;
  const end = operation.returnNs === null ? columns.end : columns.xOf.get(operation.returnNs);
  return {
    operation: at,
    x,
    y: rows.get(operation.process)?.y ?? 0,
    width: Math.max(4, (end ?? x) - x),
    text: shorten(operation.label, maximumLabel),
    isOpen: operation.returnNs === null,
    isStuck: failure.stuck.includes(at),
    step,
    stateText,
    pointX: x,
  };
}

function stepOf(
  failure: LinearizabilityFailure,
  at: number,
): { step: number | null; stateText: string } {
  const place = failure.linearization.findIndex(({ operation }) => operation === at);
  const state = failure.linearization[place]?.state;
  if (state !== undefined) return { step: place + 1, stateText: `state: ${shorten(state, 22)}` };
  const isStuck = failure.stuck.includes(at);
  return { step: null, stateText: isStuck ? 'cannot be placed' : 'not placed' };
}

function barWidth(failure: LinearizabilityFailure, at: number): number {
  const label = shorten(failure.operations[at]?.label ?? '', maximumLabel);
  const characters = Math.max(
    columnsWide(label),
    columnsWide(stepOf(failure, at).stateText) * 0.87,
  );
  return Math.ceil(characters * characterWidth) + 48;
}

/** Characters outside Latin, Greek and Cyrillic are taken to be twice as wide. */
function columnsWide(text: string): number {
  let wide = 0;
  for (const character of text) wide += (character.codePointAt(0) ?? 0) < 0x0530 ? 1 : 2;
  return wide;
}

/**
 * Puts the points at which placed operations take effect in their order from left to right, each
 * within its own bar. It is always possible: a linearization lets no operation take effect before
 * its call nor after its return.
 */
function withPoints(bars: readonly Bar[]): Bar[] {
  const placed = bars
    .filter((bar) => bar.step !== null)
    .sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
  const points = new Map<number, number>();
  let least = 0;
  for (const bar of placed) {
    const point = Math.min(Math.max(bar.x + 14, least), bar.x + bar.width - 3);
    points.set(bar.operation, point);
    least = Math.max(least, point) + 8;
  }
  return bars.map((bar) => ({ ...bar, pointX: points.get(bar.operation) ?? bar.x + 14 }));
}
