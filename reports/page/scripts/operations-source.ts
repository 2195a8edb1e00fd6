import type { OperationBlock } from '../../operations/block.ts';
import type { Item, Lane, Look, Source } from './scene.ts';

// The functions of this file run in the page, which gets their text (`operationFunctions`): they use
// nothing from outside but their arguments and each other.

/** What is shown of the operations, and in which lanes. */
export interface Filter {
  readonly lanesBy: 'client' | 'key' | 'node';
  /** An index into the block's kinds; null for all. */
  readonly kind: number | null;
  readonly outcome: number | null;
  /** A key, `p12` for a process, or a part of a label. */
  readonly text: string;
}

interface Columns {
  readonly callS: Float64Array;
  readonly endS: Float64Array;
  readonly lateS: Float64Array;
  readonly process: Float64Array;
  readonly kind: Int32Array;
  readonly outcome: Int32Array;
  readonly key: Int32Array;
  readonly node: Int32Array;
  readonly label: Int32Array;
  readonly error: Int32Array;
}

/** The operations of a page as a source of scenes; `filterNow` is asked anew for each. */
export function operationsSource(
  block: OperationBlock,
  atob: (text: string) => string,
  filterNow: () => Filter,
): Source {
  const columns = columnsOf(block, atob);
  const blamed = new Set(block.suspicions.flatMap((each) => each.blamed));
  return {
    startS: 0,
    endS: block.endS,
    faults: block.faults,
    laneScale: 1,
    first: firstStretch(block, columns),
    scene(fromS, toS) {
      const filter = filterNow();
      const places = placesIn(block, columns, { filter, fromS, toS });
      const { laneOf, lanes, hidden } = laneOut(block, columns, { places, filter });
      const items = places.flatMap((at): Item[] => {
        const lane = laneOf.get(at);
        if (lane === undefined) return [];
        return [itemOf(block, columns, { at, lane, isBlamed: blamed.has(at) })];
      });
      const rest =
        hidden > 0
          ? `, ${hidden.toLocaleString('en-US')} more in lanes further down: zoom in or filter`
          : '';
      return {
        lanes,
        items,
        note: `${items.length.toLocaleString('en-US')} operations in sight${rest}.${sampledNote(block, fromS, toS)}`,
      };
    },
    tell: (at) => tellOperation(block, columns, { at, isBlamed: blamed.has(at) }),
  };
}

function columnsOf(block: OperationBlock, atob: (text: string) => string): Columns {
  const bytes = atob(block.columns);
  let position = 0;
  const next = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = bytes.charCodeAt(position++);
      value += (byte & 0x7f) * scale;
      if (!(byte >= 0x80)) return value;
    }
  };
  const floats = () => new Float64Array(block.length);
  const whole = () => new Int32Array(block.length);
  const columns = {
    ...{ callS: floats(), endS: floats(), lateS: floats(), process: floats() },
    ...{ kind: whole(), outcome: whole(), key: whole(), node: whole(), label: whole() },
    error: whole(),
  };
  let callUs = 0;
  for (let at = 0; at < block.length; at++) {
    callUs += next();
    const lasted = next();
    columns.callS[at] = callUs / 1e6;
    columns.endS[at] = lasted === 0 ? Infinity : (callUs + lasted - 1) / 1e6;
    columns.lateS[at] = next() / 1e6;
    columns.process[at] = next();
    for (const name of ['kind', 'outcome', 'key', 'node', 'label', 'error'] as const)
      columns[name][at] = next();
  }
  return columns;
}

/** How much happened there in all, where the page holds only some of it. */
function sampledNote({ totals, endS }: OperationBlock, fromS: number, toS: number): string {
  if (totals.length === 0) return '';
  const widthS = endS / totals.length;
  let sum = 0;
  totals.forEach((total, at) => {
    const overlapS = Math.min(toS, (at + 1) * widthS) - Math.max(fromS, at * widthS);
    if (overlapS > 0) sum += (total * overlapS) / widthS;
  });
  const rounded = Number(sum.toPrecision(2)).toLocaleString('en-US');
  return ` The page holds a choice of the operations; about ${rounded} were called in this stretch.`;
}

/** Around what a violation blames; else some hundreds of operations from where the first fault began. */
function firstStretch(block: OperationBlock, { callS }: Columns): readonly [number, number] {
  const [suspicion] = block.suspicions;
  if (suspicion !== undefined) {
    const marginS = Math.max(0.002, (suspicion.toS - suspicion.fromS) * 1.5);
    return [suspicion.fromS - marginS, suspicion.toS + marginS];
  }
  const beginS = block.faults[0]?.beginS ?? 0;
  const first = Math.max(0, callS.findIndex((each) => each >= beginS) - 60);
  const last = Math.min(block.length - 1, first + 240);
  return [callS[first] ?? 0, callS[last] ?? block.endS];
}

interface Stretch {
  readonly filter: Filter;
  readonly fromS: number;
  readonly toS: number;
}

function placesIn(block: OperationBlock, columns: Columns, stretch: Stretch): number[] {
  const { filter, fromS, toS } = stretch;
  const { callS, endS, kind, outcome } = columns;
  const text = filter.text.trim().toLowerCase();
  const places: number[] = [];
  for (let at = 0; at < block.length && (callS[at] ?? 0) <= toS; at++) {
    // What never ended would else be in sight everywhere after it: it is shown where it began.
    const end = endS[at] ?? 0;
    if ((end === Infinity ? (callS[at] ?? 0) + 1 : end) < fromS) continue;
    if (filter.kind !== null && kind[at] !== filter.kind) continue;
    if (filter.outcome !== null && outcome[at] !== filter.outcome) continue;
    if (text !== '' && !saysText(block, columns, at, text)) continue;
    places.push(at);
  }
  return places;
}

function saysText(block: OperationBlock, columns: Columns, at: number, text: string): boolean {
  if (/^p\d+$/.test(text)) return columns.process[at] === Number(text.slice(1));
  const key = block.keys[(columns.key[at] ?? 0) - 1];
  const label = block.labels[columns.label[at] ?? 0] ?? '';
  return key?.toLowerCase() === text || label.toLowerCase().includes(text);
}

/** Which operation stands where, and how many found no lane. */
interface LanePlan {
  readonly laneOf: ReadonlyMap<number, number>;
  readonly lanes: readonly Lane[];
  readonly hidden: number;
}

/** A lane for each client, key or node, and more of them where operations overlap. */
function laneOut(
  block: OperationBlock,
  columns: Columns,
  { places, filter }: { readonly places: readonly number[]; readonly filter: Filter },
): LanePlan {
  // More would be a picture nobody scrolls through.
  const mostLanes = 120;
  const groups = new Map<number, number[]>();
  for (const at of places) {
    const group = groupOf(block, columns, at, filter.lanesBy);
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [at]);
    else members.push(at);
  }
  const laneOf = new Map<number, number>();
  const lanes: Lane[] = [];
  let hidden = 0;
  for (const [group, members] of [...groups].sort((a, b) => a[0] - b[0])) {
    const freeFrom: number[] = [];
    const base = lanes.length;
    for (const at of members) {
      const callS = columns.callS[at] ?? 0;
      const free = freeFrom.findIndex((each) => each <= callS);
      const own = free === -1 ? freeFrom.length : free;
      const endS = columns.endS[at] ?? 0;
      if (base + own >= mostLanes) hidden++;
      else {
        freeFrom[own] = endS === Infinity ? callS + 1 : endS;
        laneOf.set(at, base + own);
      }
    }
    const label = groupName(block, group, filter.lanesBy);
    freeFrom.forEach((_, own) => lanes.push({ label: own === 0 ? label : '' }));
  }
  return { laneOf, lanes, hidden };
}

function groupOf(
  { concurrency }: OperationBlock,
  columns: Columns,
  at: number,
  lanesBy: Filter['lanesBy'],
): number {
  if (lanesBy === 'key') return columns.key[at] ?? 0;
  if (lanesBy === 'node') return columns.node[at] ?? 0;
  return (columns.process[at] ?? 0) % Math.max(1, concurrency);
}

function groupName(block: OperationBlock, group: number, lanesBy: Filter['lanesBy']): string {
  if (lanesBy === 'key') return group === 0 ? 'no key' : `key ${block.keys[group - 1] ?? ''}`;
  if (lanesBy === 'node') return group === 0 ? 'no node' : (block.nodes[group - 1] ?? '');
  return `client ${String(group)}`;
}

function itemOf(
  block: OperationBlock,
  columns: Columns,
  {
    at,
    lane,
    isBlamed,
  }: { readonly at: number; readonly lane: number; readonly isBlamed: boolean },
): Item {
  const looks: readonly Look[] = ['ok', 'fail', 'info', 'info'];
  return {
    ...{ id: at, kind: 'bar', lane, toLane: lane },
    fromS: columns.callS[at] ?? 0,
    toS: columns.endS[at] ?? Infinity,
    look: isBlamed ? 'bad' : (looks[columns.outcome[at] ?? 0] ?? 'ok'),
    text: block.labels[columns.label[at] ?? 0] ?? '',
  };
}

function tellOperation(
  block: OperationBlock,
  columns: Columns,
  { at, isBlamed }: { readonly at: number; readonly isBlamed: boolean },
): string {
  const outcomes = [
    'ok: it took effect',
    'fail: it had no effect',
    'info: whether it took effect is unknown',
    'open: it never came back',
  ];
  const [call = 0, end = 0, late = 0] = [columns.callS[at], columns.endS[at], columns.lateS[at]];
  const key = block.keys[(columns.key[at] ?? 0) - 1];
  const node = block.nodes[(columns.node[at] ?? 0) - 1];
  const error = block.errors[(columns.error[at] ?? 0) - 1];
  const lasted = end === Infinity ? 'never ended' : `lasted ${((end - call) * 1e3).toFixed(3)} ms`;
  return [
    block.labels[columns.label[at] ?? 0] ?? '',
    `process ${String(columns.process[at])}${node === undefined ? '' : ` on ${node}`}${key === undefined ? '' : `, key ${key}`}`,
    `called at ${call.toFixed(6)} s, ${lasted}${late > 0 ? `, ${(late * 1e3).toFixed(3)} ms after it was due` : ''}`,
    `${outcomes[columns.outcome[at] ?? 0] ?? ''}${error === undefined ? '' : ` (${error})`}`,
    ...(isBlamed ? ['✗ the evidence blames it: see there'] : []),
  ].join('\n');
}

export const operationFunctions: readonly string[] = [
  ...[operationsSource, columnsOf, sampledNote, firstStretch, placesIn, saysText, laneOut, groupOf],
  ...[groupName, itemOf, tellOperation],
].map(String);
