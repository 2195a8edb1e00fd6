import type { HistoryEvent } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { BadInput, type Whereabouts } from './bad-input.ts';
import { type EdnParser, createEdnParser } from './edn.ts';
import type { HistoryFormat, ReadOptions } from './format.ts';
import { createOperationReader } from './jepsen-operation.ts';
import { linesOf } from './lines.ts';

/**
 * Jepsen's `history.txt` (`prn-op` of jepsen.print): process, type, f, value and perhaps an error, with
 * tabs between. All are EDN but the error, which is printed as it is and may go on over further lines.
 */
export const jepsenText: HistoryFormat = {
  name: 'jepsen-text',
  summary: "Jepsen's history.txt: process, :type, :f, value and perhaps an error, tabs between",
  *read(chunks, options) {
    let mayGoOn = false;
    yield* readLines(chunks, options, (line, where, complete) => {
      if (isOperation.test(line)) {
        if (!complete) options.onTorn?.(`${place(where)}: ${withoutBreak}`);
        const columns = line.split('\t');
        mayGoOn = columns.length > 4;
        return columns;
      }
      if (mayGoOn || line.trim() === '') return null;
      if (complete)
        throw new BadInput(where, 'process, :type, :f and value with tabs between', line);
      options.onTorn?.(`${place(where)}: the last line was cut off and is left out`);
      return null;
    });
  },
};

const withoutBreak =
  'the last line has no line break; it counts as it stands, which is wrong if it was cut off';

/** Lines of Jepsen's own log: the same behind a time stamp and the name of the logger. */
export const jepsenLog: HistoryFormat = {
  name: 'jepsen-log',
  summary: 'log lines such as "INFO jepsen.util - 3 :ok :read 4"; other lines are skipped',
  read: (chunks, options) =>
    readLines(chunks, options, (line) => {
      const match = isLogged.exec(line);
      return match === null ? null : [...match.slice(1, 4), ...(match[4] ?? '').split('\t')];
    }),
};

const isOperation = /^:?[^\s:]+\t:(?:invoke|ok|fail|info)\t[^\t]+\t/;

const isLogged =
  /\bINFO\b.*?\bjepsen\.(?:util|print|core)\s*[-:]\s+(:?[^\s:]+)\s+(:(?:invoke|ok|fail|info))\s+(:\S+)\s+(.*)$/;

/** Process, type, f, value and error of a line as they are written; null for a line to skip. */
type Columns = (line: string, where: Whereabouts, complete: boolean) => readonly string[] | null;

function* readLines(
  chunks: Iterable<string>,
  { file, onSkipped }: ReadOptions,
  columnsOf: Columns,
): Generator<HistoryEvent> {
  const operations = createOperationReader();
  const parse = createEdnParser();
  for (const { text, number, complete } of linesOf(chunks, file)) {
    const where = { file, line: number };
    const columns = columnsOf(text, where, complete);
    if (columns === null) continue;
    const event = operations.read(operationOf(columns, parse, where), where, text);
    if (event !== null) yield event;
  }
  const leftOut = operations.leftOut();
  if (leftOut !== null) onSkipped?.(leftOut);
}

function operationOf(columns: readonly string[], parse: EdnParser, where: Whereabouts): JsonObject {
  const [process = '', type = '', f = '', value = 'nil', ...errors] = columns;
  // Around 2015 an error stood in the place of the value.
  const isError = value.startsWith(':timed-out');
  return {
    process: parse(process, where),
    type: type.slice(1),
    f: parse(f, where),
    value: isError ? null : parse(value, where),
    ...(isError ? { error: 'timed-out' } : {}),
    ...(errors.length > 0 ? { error: errors.join('\t') } : {}),
  };
}

function place({ file, line }: Whereabouts): string {
  return `${file}:${line}`;
}
