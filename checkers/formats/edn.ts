import type { Json } from '../../core/json.ts';
import { BadInput, type Whereabouts } from './bad-input.ts';

/** Deeper nesting is refused, so that no input can exhaust the stack. */
const deepest = 100;

/**
 * One EDN form as plain data: keywords and symbols become texts without the colon, maps become
 * objects with their keys as texts, sets become lists, tagged values lose their tag, nil is null.
 * Integers beyond 2^53 become texts, since rounding would make different values equal.
 */
export function parseEdn(text: string, where: Whereabouts): Json {
  const reader = { text, at: 0, where };
  const value = readValue(reader, 0);
  skipBlank(reader, 0);
  if (reader.at < text.length) throw wrong(reader, 'nothing more');
  return value;
}

interface Reader {
  readonly text: string;
  readonly where: Whereabouts;
  at: number;
}

function readValue(reader: Reader, depth: number): Json {
  if (depth > deepest) throw wrong(reader, `at most ${deepest} levels of nesting`);
  skipBlank(reader, depth);
  const { text } = reader;
  switch (text[reader.at]) {
    case '[':
      return readSequence(reader, ']', depth);
    case '(':
      return readSequence(reader, ')', depth);
    case '{':
      return readMap(reader, depth);
    case '"':
      return readString(reader);
    case '#':
      reader.at++;
      if (text[reader.at] === '{') return readSequence(reader, '}', depth);
      readToken(reader);
      return readValue(reader, depth + 1);
    default:
      return atomOf(readToken(reader), reader);
  }
}

function readSequence(reader: Reader, closer: string, depth: number): Json[] {
  const values: Json[] = [];
  reader.at++;
  for (;;) {
    skipBlank(reader, depth);
    if (reader.at >= reader.text.length) throw wrong(reader, closer);
    if (reader.text[reader.at] === closer) {
      reader.at++;
      return values;
    }
    values.push(readValue(reader, depth + 1));
  }
}

function readMap(reader: Reader, depth: number): Json {
  const flat = readSequence(reader, '}', depth);
  if (flat.length % 2 !== 0) throw wrong(reader, 'a value for every key of a map');
  const entries: [string, Json][] = [];
  for (let at = 0; at < flat.length; at += 2) {
    const key = flat[at] ?? null;
    entries.push([typeof key === 'string' ? key : JSON.stringify(key), flat[at + 1] ?? null]);
  }
  return Object.fromEntries(entries);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

function readString(reader: Reader): string {
  const { text } = reader;
  let value = '';
  for (reader.at++; reader.at < text.length; reader.at++) {
    const character = text[reader.at] ?? '';
    if (character === '"') {
      reader.at++;
      return value;
    }
    if (character !== '\\') {
      value += character;
      continue;
    }
    const escaped = text[++reader.at] ?? '';
    if (escaped === 'u') {
      value += String.fromCharCode(parseInt(text.slice(reader.at + 1, reader.at + 5), 16));
      reader.at += 4;
    } else value += escapes[escaped] ?? escaped;
  }
  throw wrong(reader, '"');
}

function readToken(reader: Reader): string {
  const from = reader.at;
  // A character such as \( or \newline: the backslash takes whatever stands behind it.
  if (reader.text[reader.at] === '\\') reader.at += 2;
  while (reader.at < reader.text.length && !/[\s,()[\]{}";]/.test(reader.text[reader.at] ?? '')) {
    reader.at++;
  }
  if (reader.at === from) throw wrong(reader, 'a value');
  return reader.text.slice(from, reader.at);
}

function atomOf(token: string, reader: Reader): Json {
  if (token === 'nil') return null;
  if (token === 'true') return true;
  if (token === 'false') return false;
  if (token.startsWith(':')) return token.slice(1);
  if (token.startsWith('\\')) return token.slice(1);
  if (/^[-+]?\d+[NM]?$/.test(token)) {
    const digits = token.replace(/[NM]$/, '').replace(/^\+/, '');
    return Number.isSafeInteger(Number(digits)) ? Number(digits) : digits;
  }
  if (/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?M?$/.test(token)) return parseFloat(token);
  if (/^[-+]?\d/.test(token)) throw wrong(reader, 'a number');
  return token;
}

function skipBlank(reader: Reader, depth: number): void {
  const { text } = reader;
  for (;;) {
    while (reader.at < text.length && /[\s,]/.test(text[reader.at] ?? '')) reader.at++;
    if (text[reader.at] === ';') {
      const end = text.indexOf('\n', reader.at);
      reader.at = end < 0 ? text.length : end;
    } else if (text.startsWith('#_', reader.at)) {
      reader.at += 2;
      readValue(reader, depth + 1);
    } else return;
  }
}

function wrong({ text, at, where }: Reader, expected: string): BadInput {
  const lines = text.slice(0, at).split('\n').length - 1;
  return new BadInput({ ...where, line: where.line + lines }, expected, text.slice(at));
}
