import { BadInput } from './bad-input.ts';
import { longestLine, tooLong } from './lines.ts';

/** The text of one form (a map, usually) and the line it starts in. */
export interface Form {
  readonly text: string;
  readonly line: number;
}

export interface FormOptions {
  readonly file: string;
  /** EDN has comments, characters such as \( and tags, which JSON has not. */
  readonly language: 'edn' | 'json';
}

/**
 * Cuts EDN or JSON into the maps of which a history consists: the elements of one outermost vector,
 * list or array, or else the outermost forms themselves. Only brackets, strings and comments are
 * looked at. Memory is bounded by the longest form, which may have as many characters as a line.
 */
export function* formsOf(chunks: Iterable<string>, options: FormOptions): Generator<Form> {
  const scan = createScan(options);
  for (const chunk of chunks) {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const step = take(scan, chunk.charCodeAt(at));
      if (step === 'begins') from = at;
      else if (step === 'ends') {
        const text = scan.before + chunk.slice(from, at + 1);
        scan.before = '';
        scan.isOpen = false;
        if (!isDiscarded(scan, text)) yield { text, line: scan.startLine };
      }
    }
    if (!scan.isOpen) continue;
    scan.before += chunk.slice(from);
    if (scan.before.length > longestLine) throw tooLong(scan.file, scan.startLine, scan.before);
  }
  const missing = scan.closers.pop();
  if (missing !== undefined) {
    throw new BadInput(scan, String.fromCharCode(missing), 'the end of the file');
  }
  if (scan.isOpen) throw new BadInput({ ...scan, line: scan.startLine }, 'a map', scan.before);
}

interface Scan extends FormOptions {
  /** The closing brackets that are still to come, innermost last. */
  readonly closers: number[];
  /** What a character means outside strings. */
  readonly meanings: Uint8Array;
  /** How many brackets stand around the forms; null until the first bracket. */
  outermost: 0 | 1 | null;
  inside: 'code' | 'string' | 'escape' | 'character' | 'comment';
  line: number;
  /** Whether a form has begun, where, and what of it came in earlier chunks. */
  isOpen: boolean;
  startLine: number;
  before: string;
}

const [ordinary, opener, closer, quoting, escaping, commenting, tagging, blank] = [
  0, 1, 2, 3, 4, 5, 6, 7,
];
const code = (character: string): number => character.charCodeAt(0);
const [newline, quote, backslash] = [code('\n'), code('"'), code('\\')];

const closerOf: readonly number[] = (() => {
  const closers: number[] = [];
  for (const [open = '', close = ''] of ['[]', '()', '{}']) closers[code(open)] = code(close);
  return closers;
})();

function createScan(options: FormOptions): Scan {
  const meanings = new Uint8Array(128);
  const mean = (characters: string, meaning: number): void => {
    for (const character of characters) meanings[code(character)] = meaning;
  };
  mean('[({', opener);
  mean('])}', closer);
  mean('"', quoting);
  mean(' \t\n\r\f\v,', blank);
  if (options.language === 'edn') {
    mean('\\', escaping);
    mean(';', commenting);
    mean('#', tagging);
  }
  return {
    ...options,
    closers: [],
    meanings,
    outermost: null,
    inside: 'code',
    line: 1,
    isOpen: false,
    startLine: 1,
    before: '',
  };
}

/** Takes one character; says whether a form begins or ends with it. */
function take(scan: Scan, character: number): 'begins' | 'ends' | null {
  if (character === newline) scan.line++;
  switch (scan.inside) {
    case 'code':
      return takeCode(scan, character);
    case 'string':
      if (character === quote) scan.inside = 'code';
      else if (character === backslash) scan.inside = 'escape';
      return null;
    case 'escape':
      scan.inside = 'string';
      return null;
    case 'character':
      scan.inside = 'code';
      return null;
    case 'comment':
      if (character === newline) scan.inside = 'code';
      return null;
  }
}

function takeCode(scan: Scan, character: number): 'begins' | 'ends' | null {
  const meaning = character < 128 ? scan.meanings[character] : isWideBlank(character) ? blank : 0;
  switch (meaning) {
    case opener:
      scan.closers.push(closerOf[character] ?? 0);
      if (scan.outermost === null) {
        scan.outermost = character === code('{') ? 0 : 1;
        if (scan.outermost === 1) return null;
      }
      return begin(scan);
    case closer: {
      const wanted = scan.closers.pop();
      if (wanted !== character) throw mismatch(scan, wanted, character);
      return scan.isOpen && scan.closers.length === scan.outermost ? 'ends' : null;
    }
    case blank:
      return null;
    case commenting:
      scan.inside = 'comment';
      return null;
    case tagging:
      return begin(scan);
    case quoting:
      scan.inside = 'string';
      break;
    case escaping:
      scan.inside = 'character';
      break;
    case ordinary:
    default:
  }
  if (!scan.isOpen) throw new BadInput(scan, 'a map', String.fromCharCode(character));
  return null;
}

function begin(scan: Scan): 'begins' | null {
  if (scan.isOpen) return null;
  scan.isOpen = true;
  scan.startLine = scan.line;
  return 'begins';
}

function mismatch(scan: Scan, wanted: number | undefined, got: number): BadInput {
  const expected = wanted === undefined ? 'the end of the file' : String.fromCharCode(wanted);
  return new BadInput(scan, expected, String.fromCharCode(got));
}

function isWideBlank(character: number): boolean {
  return character === 0xa0 || character === 0x2028 || character === 0x2029;
}

/** `#_` takes the next form out; here it may only be one in brackets, which is where a form ends. */
function isDiscarded(scan: Scan, text: string): boolean {
  if (!text.startsWith('#_')) return false;
  if (/^#_\s*[[({]/.test(text)) return true;
  throw new BadInput({ ...scan, line: scan.startLine }, 'a map after #_', text);
}
