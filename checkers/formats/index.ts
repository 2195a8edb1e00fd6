import { dtestJsonl } from './dtest-jsonl.ts';
import type { HistoryFormat } from './format.ts';
import { jsonl, upperJsonl } from './jepsen-jsonl.ts';
import { jepsenEdn, jepsenJson } from './jepsen-maps.ts';
import { jepsenLog, jepsenText } from './jepsen-text.ts';
import { sessionTxt } from './session-txt.ts';

/** Every format by name. */
export const formats: Readonly<Record<string, HistoryFormat>> = Object.fromEntries(
  [dtestJsonl, jsonl, upperJsonl, jepsenEdn, jepsenJson, jepsenText, jepsenLog, sessionTxt].map(
    (each) => [each.name, each],
  ),
);

/** Finds a format by name; throws with the names that there are when it is not one of them. */
export function formatNamed(name: string): HistoryFormat {
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format !== undefined) return format;
  const names = Object.keys(formats).join(', ');
  throw new Error(`expected a format, one of ${names}; got ${JSON.stringify(name)}`);
}
