import { type HistoryEvent, isFaultEvent } from '../../core/event.ts';
import { BadInput, type Whereabouts } from './bad-input.ts';
import type { HistoryFormat } from './format.ts';
import { parseJson } from './json.ts';
import { linesOf } from './lines.ts';
import { createProcessOrder } from './process-order.ts';

/** dtest's own `history.jsonl`: one event a line, exactly as `HistoryEvent` says; unknown fields stay. */
export const dtestJsonl: HistoryFormat = {
  name: 'dtest-jsonl',
  summary: "dtest's own history.jsonl: one event a line with index, timeNs, process and phase",
  *read(chunks, { file, onTorn }) {
    const expectTurn = createProcessOrder();
    let last = -1;
    for (const { text, number, complete } of linesOf(chunks, file)) {
      if (text.trim() === '') continue;
      const parsed: unknown = parseJson(text);
      if (parsed === undefined && !complete) {
        onTorn?.(`${file}:${number}: the last line was cut off and is left out`);
        return;
      }
      const where = { file, line: number };
      const flaw = flawOf(parsed);
      if (flaw !== null) throw new BadInput(where, flaw, text);
      const event = parsed as HistoryEvent;
      if (event.index <= last) throw notAfter(last, event, where);
      if (!isFaultEvent(event)) expectTurn(event, where);
      last = event.index;
      yield event;
    }
  },
};

const opPhases: readonly unknown[] = ['invoke', 'ok', 'fail', 'info'];
const faultPhases: readonly unknown[] = ['begin', 'active', 'heal', 'end', 'failed'];

/**
 * What was expected of an event and is not so; null when it is sound. An absent value becomes null in
 * place, since copies of millions of events would cost as much as reading them.
 */
function flawOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return 'an event as one JSON object';
  const event = value as Partial<Record<string, unknown>>;
  if (!Number.isSafeInteger(event.index) || Number(event.index) < 0) {
    return 'an index that is a whole number';
  }
  if (!Number.isFinite(event.timeNs)) return 'a timeNs that is a number';
  event.value ??= null;
  return event.process === 'nemesis' ? flawOfFault(event) : flawOfOperation(event);
}

function flawOfOperation({ process, phase, op, key }: Partial<Record<string, unknown>>) {
  if (!Number.isSafeInteger(process)) return 'a process that is a whole number or "nemesis"';
  if (!opPhases.includes(phase)) return `a phase, one of ${opPhases.join(', ')}`;
  if (typeof op !== 'string') return 'the name of an op';
  const isKey = key === undefined || typeof key === 'string' || typeof key === 'number';
  return isKey ? null : 'a key that is a number or a text';
}

function flawOfFault({ phase, fault }: Partial<Record<string, unknown>>): string | null {
  if (!faultPhases.includes(phase)) return `a fault's phase, one of ${faultPhases.join(', ')}`;
  return typeof fault === 'string' ? null : 'the name of a fault';
}

function notAfter(last: number, { index }: HistoryEvent, where: Whereabouts): BadInput {
  return new BadInput(where, `an index above ${last}`, String(index));
}
