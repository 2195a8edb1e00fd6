import { BadInput } from './bad-input.ts';

/** A longer line or form is refused: it is no event, and it would fill the memory. */
export const longestLine = 16 * 1024 * 1024;

/** A line of a file without its line break. */
export interface Line {
  readonly text: string;
  /** Counts from 1. */
  readonly number: number;
  /** False for a last line that no line break ends: whoever wrote it may have been cut off. */
  readonly complete: boolean;
}

/** Cuts chunks of text, wherever they end, into lines. Keeps one line and one chunk in memory. */
export function* linesOf(chunks: Iterable<string>, file: string): Generator<Line> {
  let rest = '';
  let number = 1;
  for (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      const text = withoutReturn(rest + chunk.slice(from, end));
      if (text.length > longestLine) throw tooLong(file, number, text);
      yield { text, number, complete: true };
      rest = '';
      number++;
      from = end + 1;
    }
    rest += chunk.slice(from);
    if (rest.length > longestLine) throw tooLong(file, number, rest);
  }
  if (rest !== '') yield { text: withoutReturn(rest), number, complete: false };
}

export function tooLong(file: string, line: number, text: string): BadInput {
  return new BadInput({ file, line }, `a line of at most ${longestLine} characters`, text);
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
