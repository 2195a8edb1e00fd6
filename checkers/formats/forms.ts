import { BadInput } from './bad-input.ts';
import { longestLine, tooLong } from './lines.ts';

/** The text of one form (a map, usually) and the line it starts in. */
export interface Form {
  readonly text: string;
  readonly line: number;
}

export interface FormOptions {
  readonly file: string;
  /** What starts a comment to the end of the line, where the language has such a thing. */
  readonly comment?: ';';
}

/**
 * Cuts EDN or JSON into the forms of which a history consists: the elements of one outermost vector,
 * list or array, or else the outermost forms themselves. Only brackets, strings and comments are
 * looked at. Memory is bounded by the longest form, which may have as many characters as a line.
 */
export function* formsOf(chunks: Iterable<string>, options: FormOptions): Generator<Form> {
  const scanner = createScanner(options);
  for (const chunk of chunks) yield* scanner.push(chunk);
  scanner.end();
}

interface Scanner {
  push(chunk: string): Generator<Form>;
  end(): void;
}

const closers: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' };

function createScanner({ file, comment }: FormOptions): Scanner {
  const expected: string[] = [];
  let line = 1;
  let inside: 'code' | 'string' | 'escape' | 'comment' = 'code';
  let enveloped: boolean | null = null;
  let text = '';
  let startLine = 1;

  /** Where the brackets of a form begin: inside the envelope, if there is one. */
  const outermost = (): number => (enveloped === true ? 1 : 0);

  /** Takes a character outside strings and comments; says whether it ends a form. */
  const code = (character: string): boolean => {
    const closer = closers[character];
    if (closer !== undefined) {
      expected.push(closer);
      if (enveloped === null && text === '') {
        enveloped = character !== '{';
        if (enveloped) return false;
      }
      enveloped ??= false;
    } else if (character === ']' || character === ')' || character === '}') {
      const wanted = expected.pop();
      if (wanted !== character) {
        throw new BadInput({ file, line }, wanted ?? 'the end of the file', character);
      }
      if (expected.length < outermost()) return false;
    } else if (text === '' && /[\s,]/.test(character)) {
      return false;
    } else if (text === '' && expected.length === outermost() && character !== '#') {
      throw new BadInput({ file, line }, 'a map', character);
    }
    if (text === '') startLine = line;
    text += character;
    return character === closers['{'] && expected.length === outermost();
  };

  const take = (character: string): boolean => {
    if (character === '\n') line++;
    if (inside === 'comment') {
      if (character === '\n') inside = 'code';
      return false;
    }
    if (inside === 'code') {
      if (character === comment) {
        inside = 'comment';
        return false;
      }
      if (character !== '"') return code(character);
      inside = 'string';
    } else if (inside === 'escape') inside = 'string';
    else if (character === '\\') inside = 'escape';
    else if (character === '"') inside = 'code';
    text += character;
    return false;
  };

  return {
    *push(chunk) {
      for (let at = 0; at < chunk.length; at++) {
        const done = take(chunk[at] ?? '');
        if (text.length > longestLine) throw tooLong(file, startLine, text);
        if (!done) continue;
        yield { text, line: startLine };
        text = '';
      }
    },
    end() {
      const missing = expected.pop();
      if (missing !== undefined) throw new BadInput({ file, line }, missing, 'the end of the file');
    },
  };
}
