import {
  type FaultEvent,
  type HistoryEvent,
  type OpEvent,
  isFaultEvent,
} from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import { ednText, keywordText } from './edn-text.ts';

/** Writes one event as one line, without the line break. */
export type EventWriter = (event: HistoryEvent) => string;

/**
 * A line of Jepsen's `history.edn`. A key stands with the value in a pair, as `jepsen.independent` has
 * it, and `:keyed true` says so, since a pair may be a value too. Faults are `:info` operations of the
 * nemesis, `:start-x` and `:stop-x`; how dtest tells them stands beside it.
 */
export const ednLine: EventWriter = (event) =>
  isFaultEvent(event) ? ednOfFault(event) : ednOfOperation(event);

/** The same as JSON, with the key beside the value. */
export const jsonLine: EventWriter = (event) =>
  JSON.stringify(isFaultEvent(event) ? jsonOfFault(event) : jsonOfOperation(event));

/** By the names that `--export` knows them under. */
export const writers: Readonly<Record<string, EventWriter>> = { edn: ednLine, jsonl: jsonLine };

function ednOfOperation(event: OpEvent): string {
  const { index, timeNs, phase, process, op, key, value, error, node, dueNs } = event;
  const own = valueText(op, value);
  return (
    [
      `{:index ${index}, :time ${timeNs}, :type :${phase}, :process ${process}`,
      `:f ${keywordText(op)}`,
      `:value ${key === undefined ? own : `[${ednText(key)} ${own}]`}`,
      ...(key === undefined ? [] : [':keyed true']),
      ...(error === undefined ? [] : [`:error ${ednText(error)}`]),
      ...(node === undefined ? [] : [`:node ${ednText(node)}`]),
      ...(dueNs === undefined ? [] : [`:due ${dueNs}`]),
    ].join(', ') + '}'
  );
}

/** Elle wants keywords for what the parts of a transaction do. */
function valueText(op: string, value: Json): string {
  if (op !== 'txn' || !Array.isArray(value)) return ednText(value);
  const parts = (value as readonly Json[]).map((part) => {
    if (!Array.isArray(part)) return ednText(part);
    const [kind, ...rest] = part as readonly Json[];
    if (typeof kind !== 'string') return ednText(part);
    return `[${[keywordText(kind), ...rest.map(ednText)].join(' ')}]`;
  });
  return `[${parts.join(' ')}]`;
}

function ednOfFault(event: FaultEvent): string {
  const { index, timeNs, phase, fault, faultId, value } = event;
  return [
    `{:index ${index}, :time ${timeNs}, :type :info, :process :nemesis`,
    `:f ${keywordText(deedOf(event))}`,
    `:value ${ednText(value)}`,
    `:fault ${ednText(fault)}`,
    `:fault-phase :${phase}`,
    `:fault-id ${faultId}}`,
  ].join(', ');
}

function jsonOfOperation(event: OpEvent): Readonly<Record<string, Json | undefined>> {
  const { index, timeNs, phase, process, op, key, value, error, node, dueNs } = event;
  return { index, time: timeNs, type: phase, process, f: op, key, value, error, node, due: dueNs };
}

function jsonOfFault(event: FaultEvent): Readonly<Record<string, Json>> {
  const { index, timeNs, phase, fault, faultId, value } = event;
  return {
    index,
    time: timeNs,
    type: 'info',
    process: 'nemesis',
    f: deedOf(event),
    value,
    fault,
    'fault-phase': phase,
    'fault-id': faultId,
  };
}

function deedOf({ phase, fault }: FaultEvent): string {
  return `${phase === 'heal' || phase === 'end' ? 'stop' : 'start'}-${fault}`;
}
