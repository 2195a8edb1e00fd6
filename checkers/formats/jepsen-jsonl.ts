import type { HistoryEvent } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { BadInput } from './bad-input.ts';
import type { HistoryFormat, ReadOptions } from './format.ts';
import { createOperationReader } from './jepsen-operation.ts';
import { parseJson } from './json.ts';
import { linesOf } from './lines.ts';

/** One JSON object a line, with the fields of Jepsen's operations. */
export const jsonl: HistoryFormat = {
  name: 'jsonl',
  summary: 'one JSON object a line with process, type, f, value, and perhaps key and time (ns)',
  read: (chunks, options) => readLines(chunks, options, (fields) => fields),
};

/**
 * The same with `type` and `f` in capitals and `time` in milliseconds, as jepsen-in-java writes it. The
 * `value` of an invoked read means nothing.
 */
export const upperJsonl: HistoryFormat = {
  name: 'upper-jsonl',
  summary: 'one JSON object a line with type and f in capitals and time in milliseconds',
  read(chunks, options) {
    let start: number | null = null;
    return readLines(chunks, options, (fields) => {
      const { time, f, type, value = null } = fields;
      const op = typeof f === 'string' ? f.toLowerCase() : f;
      const isAsked = type === 'INVOKE' && op === 'read';
      const plain = { ...fields, f: op, value: isAsked ? null : value };
      if (typeof time !== 'number') return plain;
      // The start goes first: milliseconds since 1970 do not fit a double once they are nanoseconds.
      return { ...plain, time: (time - (start ??= time)) * 1e6 };
    });
  },
};

function* readLines(
  chunks: Iterable<string>,
  { file, onTorn, onSkipped }: ReadOptions,
  normalize: (fields: JsonObject) => JsonObject,
): Generator<HistoryEvent> {
  const operations = createOperationReader();
  for (const { text, number, complete } of linesOf(chunks, file)) {
    if (text.trim() === '') continue;
    const where = { file, line: number };
    const fields = parseJson(text);
    if (fields === undefined && !complete) {
      onTorn?.(`${file}:${number}: the last line was cut off and is left out`);
      break;
    }
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
      throw new BadInput(where, 'an event as one JSON object', text);
    }
    const event = operations.read(normalize(fields as JsonObject), where, text);
    if (event !== null) yield event;
  }
  const leftOut = operations.leftOut();
  if (leftOut !== null) onSkipped?.(leftOut);
}
