import type { HistoryEvent } from '../../core/event.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { BadInput, type Whereabouts } from './bad-input.ts';
import { createEdnParser } from './edn.ts';
import type { HistoryFormat, ReadOptions } from './format.ts';
import { formsOf } from './forms.ts';
import { createOperationReader } from './jepsen-operation.ts';
import { parseJson } from './json.ts';

/** Jepsen's `history.edn`, and the key-value logs that Porcupine is tested with. */
export const jepsenEdn: HistoryFormat = {
  name: 'jepsen-edn',
  summary:
    'EDN maps with :process, :type, :f and :value, in one vector or list or one after another',
  read: (chunks, options) => eventsOf(chunks, options, 'edn'),
};

/** The same as JSON, as Elle's command-line front end takes it. */
export const jepsenJson: HistoryFormat = {
  name: 'jepsen-json',
  summary: 'a JSON array of objects with process, type, f and value',
  read: (chunks, options) => eventsOf(chunks, options, 'json'),
};

function* eventsOf(
  chunks: Iterable<string>,
  { file, onSkipped }: ReadOptions,
  language: 'edn' | 'json',
): Generator<HistoryEvent> {
  const parse = language === 'edn' ? createEdnParser() : parseOrRefuse;
  const operations = createOperationReader();
  for (const { text, line } of formsOf(chunks, { file, language })) {
    const where = { file, line };
    const map = parse(text, where);
    if (typeof map !== 'object' || map === null || Array.isArray(map)) {
      throw new BadInput(where, 'a map', text);
    }
    const event = operations.read(map as JsonObject, where, text);
    if (event !== null) yield event;
  }
  const leftOut = operations.leftOut();
  if (leftOut !== null) onSkipped?.(leftOut);
}

function parseOrRefuse(text: string, where: Whereabouts): Json {
  const value = parseJson(text);
  if (value === undefined) throw new BadInput(where, 'a JSON object', text);
  return value;
}
