/** A guess, or why there is none and what to do. */
export type Guess =
  | { readonly kind: 'known'; readonly name: string }
  | { readonly kind: 'unknown'; readonly reason: string };

const known = (name: string): Guess => ({ kind: 'known', name });

/** Guesses a history's format from its file's name and the first few kilobytes of its text. */
export function guessFormat(fileName: string, beginning: string): Guess {
  const text = beginning.trimStart();
  if (text === '') return fileName.endsWith('.edn') ? known('jepsen-edn') : known('dtest-jsonl');
  const found = beginnings.find(([, pattern]) => pattern.test(text));
  if (found !== undefined) return known(found[0]);
  const firstLine = text.split('\n', 1)[0] ?? '';
  const ofObject = firstLine.startsWith('{') ? formatOfObject(firstLine) : null;
  if (ofObject !== null) return known(ofObject);
  // Last, because any history may hold a text that looks like a line of a log.
  if (/\bINFO\b.*\bjepsen\.[a-z]/.test(text)) return known('jepsen-log');
  return {
    kind: 'unknown',
    reason:
      `its beginning looks like none of the known formats: ` +
      `it is ${JSON.stringify(firstLine.slice(0, 60))}; name one with --format`,
  };
}

const beginnings: readonly (readonly [string, RegExp])[] = [
  ['jepsen-text', /^:?[^\s:]+\t:(?:invoke|ok|fail|info)\t/],
  ['jepsen-edn', /^(?:[[(]|;[^\n]*\n|\s)*(?:#[\w.]+\s*)?\{\s*:/],
  ['jepsen-json', /^\[\s*(?:\{\s*"|\]\s*$)/],
  ['session-txt', /^[rw] \S+ \S+\s*(?:\n|$)/],
];

/** Which of the formats with one object a line it is. The line may be longer than what is known of it. */
function formatOfObject(line: string): string | null {
  const type = /"type"\s*:\s*"([A-Za-z]+)"/.exec(line)?.[1];
  const fields = fieldsOf(line);
  if (fields === null ? /"phase"\s*:/.test(line) : 'phase' in fields) return 'dtest-jsonl';
  if (type === undefined) return null;
  return type === type.toUpperCase() ? 'upper-jsonl' : 'jsonl';
}

function fieldsOf(line: string): object | null {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
