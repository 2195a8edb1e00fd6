import type { HistoryEvent } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import { createAssembler, keyOf, phaseOf } from './assemble.ts';
import { BadInput } from './bad-input.ts';
import type { HistoryFormat, ReadOptions } from './format.ts';
import { linesOf } from './lines.ts';

/** One JSON object a line with `process`, `type`, `f`, `value`, perhaps `key` and `time` (ns). */
export const jsonl: HistoryFormat = {
  name: 'jsonl',
  summary: 'one JSON object a line with process, type, f, value, and perhaps key and time',
  read: (chunks, options) => readLines(chunks, options, 1),
};

/**
 * The same with `type` and `f` in capitals and `time` in milliseconds, as jepsen-in-java writes it. The
 * `value` of an invoked read means nothing.
 */
export const upperJsonl: HistoryFormat = {
  name: 'upper-jsonl',
  summary: 'one JSON object a line with type and f in capitals and time in milliseconds',
  read: (chunks, options) => readLines(chunks, options, 1e6),
};

function* readLines(
  chunks: Iterable<string>,
  { file, onTorn }: ReadOptions,
  nsPerTime: number,
): Generator<HistoryEvent> {
  const assembler = createAssembler();
  let start: number | null = null;
  for (const { text, number, complete } of linesOf(chunks, file)) {
    if (text.trim() === '') continue;
    const where = { file, line: number };
    const fields = fieldsOf(text);
    if (fields === null) {
      if (complete) throw new BadInput(where, 'an event as one JSON object', text);
      onTorn?.(`${file}:${number}: the last line was cut off and is left out`);
      return;
    }
    const { process, type, f, value, key, time } = fields;
    if (typeof process === 'string') continue;
    if (!Number.isSafeInteger(process)) throw new BadInput(where, 'a process number', text);
    if (typeof f !== 'string') throw new BadInput(where, 'an f that names the operation', text);
    // The start goes first: milliseconds since 1970 do not fit a double once they are nanoseconds.
    if (typeof time === 'number') start ??= time;
    const phase = phaseOf(type, where);
    const op = f.toLowerCase();
    yield assembler.event(
      {
        process: process as number,
        phase,
        op,
        value: phase === 'invoke' && op === 'read' ? null : ((value ?? null) as Json),
        ...(key === undefined || key === null ? {} : { key: keyOf(key, where) }),
        ...(typeof time === 'number' ? { timeNs: (time - (start ?? 0)) * nsPerTime } : {}),
      },
      where,
    );
  }
}

function fieldsOf(text: string): Partial<Record<string, unknown>> | null {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}
