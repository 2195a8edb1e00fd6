import type { Run } from '../../core/run.ts';
import type { FaultBand } from '../charts/fault-bands.ts';
import { subjectOf } from '../charts/subject.ts';
import { count, plural } from '../figures.ts';
import { shorten } from '../markup/visible.ts';
import { type SuspectOperation, type Suspicion, suspicionsOf } from '../operations/suspects.ts';
import { isTraced } from '../records.ts';
import type { MessageWindow } from './message-record.ts';

/** The messages around one violation, as the page gets them; lanes are indexes, times seconds. */
export interface MessageBlock {
  readonly name: string;
  readonly fromS: number;
  readonly toS: number;
  /** Nodes first, then the clients of the operations. */
  readonly lanes: readonly string[];
  readonly kinds: readonly string[];
  readonly messages: readonly MessageItem[];
  readonly notes: readonly { readonly lane: number; readonly atS: number; readonly text: string }[];
  readonly operations: readonly OperationItem[];
  readonly faults: readonly FaultBand[];
  /** Which of the operations to look at first. */
  readonly focusS: readonly [fromS: number, toS: number];
  readonly shown: string;
}

export interface MessageItem {
  readonly from: number;
  readonly to: number;
  readonly sentS: number;
  readonly arrivedS: number | null;
  readonly kind: number;
  readonly text: string;
}

export interface OperationItem {
  readonly lane: number;
  readonly callS: number;
  readonly endS: number | null;
  readonly look: 'ok' | 'info' | 'fail' | 'bad';
  readonly text: string;
  readonly tell: string;
}

const maximumClients = 24;

/** A block for each violation whose messages are known. */
export function messageBlocks(run: Run): MessageBlock[] {
  if (!isTraced(run)) return [];
  const { bands } = subjectOf(run);
  const suspicions = suspicionsOf(run.results.verdict);
  return run.messages.windows.flatMap((window) => {
    const suspicion = suspicions.find(({ name }) => name === window.name);
    return suspicion === undefined ? [] : [blockOf(window, suspicion, bands)];
  });
}

function blockOf(
  window: MessageWindow,
  suspicion: Suspicion,
  bands: readonly FaultBand[],
): MessageBlock {
  const { fromNs, toNs, nodes, messages, notes, omitted } = window;
  const clients = [...new Set(suspicion.operations.map(({ process }) => process))]
    .sort((a, b) => a - b)
    .slice(0, maximumClients);
  const laneOfNode = new Map(nodes.map((node, lane) => [node, lane]));
  const laneOfClient = new Map(clients.map((process, at) => [process, nodes.length + at]));
  const kinds = [...new Set(messages.map(({ kind }) => kind))].sort();
  const kindOf = new Map(kinds.map((kind, at) => [kind, at]));
  const laneOf = (node: string): number => laneOfNode.get(node) ?? 0;
  return {
    name: shorten(window.name, 80),
    fromS: fromNs / 1e9,
    toS: toNs / 1e9,
    lanes: [
      ...nodes.map((node) => shorten(node, 16)),
      ...clients.map((process) => clientName(process, suspicion)),
    ],
    kinds: kinds.map((kind) => shorten(kind, 24)),
    messages: messages.map((each) => ({
      ...{ from: laneOf(each.from), to: laneOf(each.to), sentS: round(each.sentNs) },
      arrivedS: each.arrivedNs === null ? null : round(each.arrivedNs),
      ...{ kind: kindOf.get(each.kind) ?? 0, text: shorten(each.text, 160) },
    })),
    notes: notes.map(({ node, timeNs, text }) => ({
      ...{ lane: laneOf(node), atS: round(timeNs), text: shorten(text, 160) },
    })),
    operations: suspicion.operations.flatMap((operation) => {
      const lane = laneOfClient.get(operation.process);
      return lane === undefined ? [] : [operationItem(operation, lane, suspicion)];
    }),
    faults: bands.filter(({ beginS, endS }) => beginS * 1e9 <= toNs && endS * 1e9 >= fromNs),
    focusS: [suspicion.focusFromNs / 1e9, suspicion.focusToNs / 1e9],
    shown: `${plural(messages.length, 'message')} between nodes${omitted > 0 ? `; ${count(omitted)} more of this window, further from what cannot be placed, left out` : ''}.`,
  };
}

function clientName(process: number, { operations }: Suspicion): string {
  const node = operations.find((each) => each.process === process)?.node;
  return `process ${String(process)}${typeof node === 'string' ? `, ${shorten(node, 8)}` : ''}`;
}

function operationItem(
  operation: SuspectOperation,
  lane: number,
  { blamed }: Suspicion,
): OperationItem {
  const { process, node, phase, callNs, returnNs, label } = operation;
  const isBlamed = blamed.some((each) => each.process === process && each.callNs === callNs);
  const lasted =
    returnNs === null ? 'never returned' : `lasted ${((returnNs - callNs) / 1e6).toFixed(3)} ms`;
  return {
    ...{ lane, callS: round(callNs), endS: returnNs === null ? null : round(returnNs) },
    ...{ look: isBlamed ? 'bad' : phase, text: shorten(label, 40) },
    tell: `${shorten(label, 200)}\nprocess ${String(process)}${node === null ? '' : ` on ${shorten(node, 16)}`}\ncalled at ${(callNs / 1e9).toFixed(6)} s, ${lasted}${isBlamed ? '\n✗ cannot be placed' : ''}`,
  };
}

/** To a tenth of a microsecond. */
function round(timeNs: number): number {
  return Math.round(timeNs / 100) / 1e7;
}
