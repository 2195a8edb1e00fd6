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
  const scan: Scan = {
    ...options,
    closers: [],
    envelope: null,
    inside: 'code',
    line: 1,
    text: '',
    startLine: 1,
  };
  for (const chunk of chunks) {
    for (const character of chunk) {
      if (character === '\n') scan.line++;
      if (!take(scan, character)) continue;
      if (!isDiscarded(scan)) yield { text: scan.text, line: scan.startLine };
      scan.text = '';
    }
    if (scan.text.length > longestLine) throw tooLong(scan.file, scan.startLine, scan.text);
  }
  const missing = scan.closers.pop();
  if (missing !== undefined) throw new BadInput(scan, missing, 'the end of the file');
}

interface Scan extends FormOptions {
  /** The closing brackets that are still to come, innermost last. */
  readonly closers: string[];
  /** Whether one outermost sequence holds all forms; null until the first bracket. */
  envelope: boolean | null;
  inside: 'code' | 'string' | 'escape' | 'character' | 'comment';
  line: number;
  /** The form so far. */
  text: string;
  startLine: number;
}

const closerOf: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' };

/** Takes one character; says whether it ends a form. */
function take(scan: Scan, character: string): boolean {
  switch (scan.inside) {
    case 'comment':
      if (character === '\n') scan.inside = 'code';
      return false;
    case 'character':
      scan.inside = 'code';
      break;
    case 'escape':
      scan.inside = 'string';
      break;
    case 'string':
      if (character === '\\') scan.inside = 'escape';
      else if (character === '"') scan.inside = 'code';
      break;
    case 'code':
      if (scan.language === 'edn' && character === ';') {
        // A comment ends a word as white space does.
        if (scan.text !== '') scan.text += ' ';
        scan.inside = 'comment';
        return false;
      }
      if (scan.language === 'edn' && character === '\\') scan.inside = 'character';
      else if (character === '"') scan.inside = 'string';
      else return takeCode(scan, character);
      break;
  }
  scan.text += character;
  return false;
}

function takeCode(scan: Scan, character: string): boolean {
  const { closers } = scan;
  const closer = closerOf[character];
  const between = scan.text === '';
  if (closer !== undefined) {
    closers.push(closer);
    if (scan.envelope === null) {
      scan.envelope = character !== '{';
      if (scan.envelope) return false;
    }
  } else if (character === ']' || character === ')' || character === '}') {
    const wanted = closers.pop();
    if (wanted !== character) throw new BadInput(scan, wanted ?? 'the end of the file', character);
  } else if (between && /[\s,]/.test(character)) return false;

  const outermost = scan.envelope === true ? 1 : 0;
  if (closers.length < outermost) return false;
  if (between) {
    const isTag = scan.language === 'edn' && character === '#';
    if (closer === undefined && !isTag) throw new BadInput(scan, 'a map', character);
    scan.startLine = scan.line;
  }
  scan.text += character;
  return closer === undefined && closers.length === outermost && '])}'.includes(character);
}

/** `#_` takes the next form out; here it may only be one in brackets, which is where a form ends. */
function isDiscarded(scan: Scan): boolean {
  if (!scan.text.startsWith('#_')) return false;
  if (/^#_\s*[[({]/.test(scan.text)) return true;
  throw new BadInput({ ...scan, line: scan.startLine }, 'a map after #_', scan.text);
}
