import type { Json } from '../../core/json.ts';

/**
 * Plain data as EDN on one line. Keys of maps become integers or keywords where they read as such, since
 * JSON has texts alone for them. Reading it again gives the same data.
 */
export function ednText(value: Json): string {
  if (value === null) return 'nil';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return stringText(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(ednText).join(' ')}]`;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{${entries.map(([key, each]) => `${keyText(key)} ${ednText(each ?? null)}`).join(', ')}}`;
}

/** A name as a keyword, or as a text where no keyword can be made of it. */
export function keywordText(name: string): string {
  return keyword.test(name) ? `:${name}` : stringText(name);
}

/** What every reader of EDN takes behind a colon; `nil` and the like would be fine, but look odd. */
const keyword = /^[A-Za-z][\w*+!?<>=-]*$/;

/** Clojure reads whole numbers beyond a long as another type, and JavaScript does not tell 2.0 from 2. */
function numberText(value: number): string {
  if (!Number.isInteger(value)) return String(value);
  return Number.isSafeInteger(value) ? value.toFixed(0) : value.toExponential();
}

function keyText(key: string): string {
  return /^(?:0|-?[1-9]\d{0,14})$/.test(key) ? key : keywordText(key);
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** Control characters, line breaks of all kinds and halves of surrogate pairs, which no file can hold. */
const special =
  /["\\\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function stringText(text: string): string {
  const escaped = text.replace(
    special,
    (character) =>
      escapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}
