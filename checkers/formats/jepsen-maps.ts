import type { HistoryEvent } from '../../core/event.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { createAssembler, keyOf, phaseOf } from './assemble.ts';
import { BadInput, type Whereabouts } from './bad-input.ts';
import { parseEdn } from './edn.ts';
import type { HistoryFormat, ReadOptions } from './format.ts';
import { formsOf } from './forms.ts';

/** Jepsen's `history.edn`, and the key-value logs that Porcupine is tested with. */
export const jepsenEdn: HistoryFormat = {
  name: 'jepsen-edn',
  summary:
    'EDN maps with :process, :type, :f and :value, in one vector or list or one after another',
  *read(chunks, options) {
    const forms = formsOf(chunks, { file: options.file, language: 'edn' });
    yield* eventsOf(
      forms,
      (form) => parseEdn(form.text, { file: options.file, line: form.line }),
      options,
    );
  },
};

/** The same as JSON. */
export const jepsenJson: HistoryFormat = {
  name: 'jepsen-json',
  summary: 'a JSON array of objects with process, type, f and value',
  *read(chunks, options) {
    const forms = formsOf(chunks, { file: options.file, language: 'json' });
    yield* eventsOf(
      forms,
      (form) => parseJson(form.text, { file: options.file, line: form.line }),
      options,
    );
  },
};

function parseJson(text: string, where: Whereabouts): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new BadInput(where, 'a JSON object', text, { cause });
  }
}

/**
 * Some files of transactions leave out `:f`, which then is `txn`, or `:process`: there every completion
 * belongs to the invocation just before it.
 */
function* eventsOf(
  forms: Iterable<{ readonly text: string; readonly line: number }>,
  parse: (form: { readonly text: string; readonly line: number }) => Json,
  { file }: ReadOptions,
): Generator<HistoryEvent> {
  const assembler = createAssembler();
  let invocations = -1;
  for (const form of forms) {
    const where = { file, line: form.line };
    const map = parse(form);
    if (typeof map !== 'object' || map === null || Array.isArray(map)) {
      throw new BadInput(where, 'a map', form.text);
    }
    const { process, type, f = 'txn', value = null, key, time, error } = map as JsonObject;
    if (typeof process === 'string') continue;
    const phase = phaseOf(type, where);
    if (phase === 'invoke') invocations++;
    if (process !== undefined && !Number.isSafeInteger(process)) {
      throw new BadInput(where, 'a process that is a whole number or a name', form.text);
    }
    if (typeof f !== 'string') throw new BadInput(where, 'an f that is a name', form.text);
    yield assembler.event(
      {
        process: process === undefined ? invocations : (process as number),
        phase,
        op: f,
        value,
        ...(key === undefined || key === null ? {} : { key: keyOf(key, where) }),
        ...(typeof time === 'number' ? { timeNs: time } : {}),
        ...(error === undefined || error === null ? {} : { error: wordsOf(error) }),
      },
      where,
    );
  }
}

function wordsOf(error: Json): string {
  return typeof error === 'string' ? error : JSON.stringify(error);
}
