import type { HistoryEvent } from '../../core/event.ts';
import { BadInput, type Whereabouts } from './bad-input.ts';
import type { HistoryFormat } from './format.ts';
import { linesOf } from './lines.ts';

/** dtest's own `history.jsonl`: one event a line, exactly as `HistoryEvent` says; unknown fields stay. */
export const dtestJsonl: HistoryFormat = {
  name: 'dtest-jsonl',
  summary: "dtest's own history.jsonl: one event a line with index, timeNs, process and phase",
  *read(chunks, { file, onTorn }) {
    let last = -1;
    for (const { text, number, complete } of linesOf(chunks, file)) {
      if (text.trim() === '') continue;
      const where = { file, line: number };
      const parsed = parseLine(text);
      if (parsed === undefined && !complete) {
        onTorn?.(`${file}:${number}: the last line was cut off and is left out`);
        return;
      }
      const event = eventOf(parsed, text, where);
      if (event.index <= last) {
        throw new BadInput(where, `an index above ${last}`, String(event.index));
      }
      last = event.index;
      yield event;
    }
  },
};

/** Undefined when the line is no JSON; JSON itself has no undefined. */
function parseLine(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const opPhases: readonly unknown[] = ['invoke', 'ok', 'fail', 'info'];
const faultPhases: readonly unknown[] = ['begin', 'active', 'heal', 'end', 'failed'];

function eventOf(value: unknown, text: string, where: Whereabouts): HistoryEvent {
  if (typeof value !== 'object' || value === null) {
    throw new BadInput(where, 'an event as one JSON object', text);
  }
  const event = value as Partial<Record<string, unknown>>;
  const check = (holds: boolean, expected: string): void => {
    if (!holds) throw new BadInput(where, expected, text);
  };
  const { index, timeNs, process, phase } = event;
  check(Number.isSafeInteger(index) && Number(index) >= 0, 'an index that is a whole number');
  check(typeof timeNs === 'number' && Number.isFinite(timeNs), 'a timeNs that is a number');
  if (process === 'nemesis') {
    check(faultPhases.includes(phase), `a fault's phase, one of ${faultPhases.join(', ')}`);
    check(typeof event.fault === 'string', 'the name of a fault');
  } else {
    check(Number.isSafeInteger(process), 'a process that is a whole number or "nemesis"');
    check(opPhases.includes(phase), `a phase, one of ${opPhases.join(', ')}`);
    check(typeof event.op === 'string', 'the name of an op');
  }
  return { ...event, value: event.value ?? null } as HistoryEvent;
}
