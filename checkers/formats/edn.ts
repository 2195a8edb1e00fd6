import type { Json } from '../../core/json.ts';
import { valueText } from '../models/value.ts';
import { BadInput, type Whereabouts } from './bad-input.ts';

/** Deeper nesting is refused, so that no input can exhaust the stack. */
const deepest = 100;

/** Short words come again and again; as many as these are understood once and then remembered. */
const mostWords = 10_000;
const longestWord = 32;

/** Parses one EDN form of a file. */
export type EdnParser = (text: string, where: Whereabouts) => Json;

/**
 * EDN as plain data: keywords and symbols become texts without the colon, maps become objects with their
 * keys as texts, sets become lists, tagged values lose their tag, nil is null. Integers beyond 2^53
 * become texts, since rounding would make different values equal. A parser remembers words, so that
 * equal ones are one text in memory.
 */
export function createEdnParser(): EdnParser {
  const words = new Map<string, Json>();
  return (text, where) => {
    const reader = { text, at: 0, where, words };
    const value = readValue(reader, 0);
    skipBlank(reader, 0);
    if (reader.at < text.length) throw wrong(reader, 'nothing more');
    return value;
  };
}

/** One form alone. */
export const parseEdn: EdnParser = (text, where) => createEdnParser()(text, where);

interface Reader {
  readonly text: string;
  readonly where: Whereabouts;
  readonly words: Map<string, Json>;
  at: number;
}

/** What a character means between values; whatever is not listed belongs to a word. */
const [blank, delimiter] = [1, 2];
const classes = new Uint8Array(128);
for (const character of ' \t\n\r\f\v,') classes[character.charCodeAt(0)] = blank;
for (const character of '()[]{}";') classes[character.charCodeAt(0)] = delimiter;

const code = (character: string): number => character.charCodeAt(0);
const [quote, backslash, semicolon, hash] = [code('"'), code('\\'), code(';'), code('#')];
const [zero, nine, minus, newline] = [code('0'), code('9'), code('-'), code('\n')];

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
      // Symbolic values such as ##NaN, which JSON does not have, stay as they are written.
      if (text[reader.at] === '#') return `#${readToken(reader, 1)}`;
      if (text[reader.at] === '{') return inOrder(readSequence(reader, '}', depth));
      readToken(reader);
      return readValue(reader, depth + 1);
    default:
      return readWord(reader);
  }
}

function readSequence(reader: Reader, closer: string, depth: number): Json[] {
  const values: Json[] = [];
  reader.at++;
  while (!closes(reader, closer, depth)) values.push(readValue(reader, depth + 1));
  // A list that grew has room to grow on; a history has millions of pairs that never will.
  return values.slice();
}

/** A set has no order, and is printed in any; two that are equal become equal lists. */
function inOrder(set: Json[]): Json[] {
  const isSorted = set.every((each, at) => at === 0 || comesBefore(set[at - 1] ?? null, each));
  return isSorted ? set : set.sort((one, other) => (comesBefore(one, other) ? -1 : 1));
}

function comesBefore(one: Json, other: Json): boolean {
  if (typeof one === 'number' && typeof other === 'number') return one < other;
  const [first, second] = [valueText(one), valueText(other)];
  return first < second;
}

function readMap(reader: Reader, depth: number): Json {
  const map: Record<string, Json> = {};
  reader.at++;
  while (!closes(reader, '}', depth)) {
    const key = readValue(reader, depth + 1);
    skipBlank(reader, depth);
    if (reader.text[reader.at] === '}') throw wrong(reader, 'a value for every key of a map');
    const name = typeof key === 'string' ? key : JSON.stringify(key);
    const value = readValue(reader, depth + 1);
    if (name !== '__proto__') map[name] = value;
    else Object.defineProperty(map, name, { value, enumerable: true, configurable: true });
  }
  return map;
}

/** Passes the closing bracket, if it is next. */
function closes(reader: Reader, closer: string, depth: number): boolean {
  skipBlank(reader, depth);
  if (reader.at >= reader.text.length) throw wrong(reader, closer);
  if (reader.text[reader.at] !== closer) return false;
  reader.at++;
  return true;
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  '"': '"',
  '\\': '\\',
  '/': '/',
};

function readString(reader: Reader): string {
  const { text } = reader;
  let value = '';
  let from = ++reader.at;
  for (; reader.at < text.length; reader.at++) {
    const next = text.charCodeAt(reader.at);
    if (next === quote) return value + text.slice(from, reader.at++);
    if (next !== backslash) continue;
    value += text.slice(from, reader.at++) + readEscape(reader);
    from = reader.at + 1;
  }
  throw wrong(reader, '"');
}

/** Stops at the escape's last character. */
function readEscape(reader: Reader): string {
  const { text, at } = reader;
  const letter = text[at] ?? '';
  if (letter === 'u') {
    const digits = text.slice(at + 1, at + 5);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw wrong(reader, 'u and four hexadecimal digits');
    reader.at += 4;
    return String.fromCharCode(parseInt(digits, 16));
  }
  const escaped = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
  if (escaped === undefined) throw wrong(reader, 'an escape such as \\n or \\u0041');
  return escaped;
}

function readToken(reader: Reader, skipped = 0): string {
  const { text, at: from } = reader;
  reader.at += skipped;
  // A character such as \( or \newline: the backslash takes whatever stands behind it.
  if (text.charCodeAt(from) === backslash) reader.at += 2;
  for (; reader.at < text.length; reader.at++) {
    if ((classes[text.charCodeAt(reader.at)] ?? 0) !== 0) break;
  }
  if (reader.at === from + skipped) throw wrong(reader, 'a value');
  return text.slice(from, reader.at);
}

function readWord(reader: Reader): Json {
  const number = readShortNumber(reader);
  if (number !== null) return number;
  const token = readToken(reader);
  const known = reader.words.get(token);
  if (known !== undefined) return known;
  const value = atomOf(token, reader);
  if (token.length <= longestWord && reader.words.size < mostWords) reader.words.set(token, value);
  return value;
}

/** What most words of a history are: whole numbers of at most fifteen digits. Null for all others. */
function readShortNumber(reader: Reader): number | null {
  const { text, at: start } = reader;
  let at = start;
  if (text.charCodeAt(at) === minus) at++;
  const from = at;
  let number = 0;
  for (; at < text.length; at++) {
    const digit = text.charCodeAt(at);
    if (digit < zero || digit > nine) break;
    number = number * 10 + (digit - zero);
  }
  if (at === from || at - from > 15) return null;
  if (at < text.length && (classes[text.charCodeAt(at)] ?? 0) === 0) return null;
  reader.at = at;
  return from === start ? number : 0 - number;
}

function atomOf(token: string, reader: Reader): Json {
  if (token === 'nil') return null;
  if (token === 'true') return true;
  if (token === 'false') return false;
  if (token === ':') throw wrong(reader, 'a keyword', 1);
  if (token.startsWith(':')) return token.slice(1);
  // A ratio is no double, and two of them may be the same one.
  if (/^[-+]?\d+\/\d+$/.test(token)) return token;
  if (token.startsWith('\\')) return characterOf(token.slice(1));
  if (/^[-+]?\d+[NM]?$/.test(token)) {
    const digits = token.replace(/[NM]$/, '').replace(/^\+/, '');
    return Number.isSafeInteger(Number(digits)) ? Number(digits) : digits;
  }
  if (/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?M?$/.test(token)) return parseFloat(token);
  if (/^[-+]?\d/.test(token)) throw wrong(reader, 'a number', token.length);
  return token;
}

const characters: Readonly<Record<string, string>> = {
  newline: '\n',
  space: ' ',
  tab: '\t',
  return: '\r',
  backspace: '\b',
  formfeed: '\f',
};

function characterOf(name: string): string {
  if (/^u[0-9a-fA-F]{4}$/.test(name)) return String.fromCharCode(parseInt(name.slice(1), 16));
  return Object.hasOwn(characters, name) ? (characters[name] ?? name) : name;
}

function skipBlank(reader: Reader, depth: number): void {
  const { text } = reader;
  for (;;) {
    while (isBlank(text.charCodeAt(reader.at))) reader.at++;
    const next = text.charCodeAt(reader.at);
    if (next === semicolon) {
      while (reader.at < text.length && text.charCodeAt(reader.at) !== newline) reader.at++;
    } else if (next === hash && text[reader.at + 1] === '_') {
      reader.at += 2;
      readValue(reader, depth + 1);
    } else return;
  }
}

/** No-break spaces and the like count, as they are found in files that went through an editor. */
function isBlank(next: number): boolean {
  return next < 128 ? classes[next] === blank : next === 0xa0 || next === 0x2028 || next === 0x2029;
}

function wrong({ text, at, where }: Reader, expected: string, back = 0): BadInput {
  const lines = text.slice(0, at).split('\n').length - 1;
  return new BadInput({ ...where, line: where.line + lines }, expected, text.slice(at - back));
}
