/**
 * A transcript is a list of commands, each with the output it is expected to give, in the spirit of
 * CockroachDB's datadriven tests:
 *
 *     # Comments and blank lines stay as they are.
 *     propose n1 x
 *     ----
 *     n1 proposed 1 at index 2
 *
 * The output ends at the first blank line. Several commands may share a line, with `;` between them;
 * a line that begins with `silently` gives no output.
 */
export interface Command {
  readonly verb: string;
  /** Words without `=`, in order. */
  readonly words: readonly string[];
  /** Words of the form `name=value`. */
  readonly named: Readonly<Record<string, string>>;
}

/** Runs a transcript's commands and returns it with the outputs that they gave now. */
export function replay(transcript: string, run: (command: Command) => readonly string[]): string {
  const result: string[] = [];
  let after: 'text' | 'output' | 'old output' = 'text';
  for (const line of transcript.split('\n')) {
    if (line === '----') after = 'old output';
    if (line !== '' && after === 'old output') continue;
    if (line !== '' && after === 'output') result.push('');
    result.push(line);
    after = 'text';
    if (line === '' || line.startsWith('#')) continue;
    result.push('----', ...answer(line, run));
    after = 'output';
  }
  return result.join('\n');
}

/** A command that fails says so in the transcript: what is refused is part of the story. */
function answer(line: string, run: (command: Command) => readonly string[]): readonly string[] {
  const isSilent = line.startsWith(silently);
  const texts = (isSilent ? line.slice(silently.length) : line).split(';');
  try {
    const output = texts.flatMap((text) => run(commandOf(text)));
    return isSilent ? [] : output;
  } catch (error) {
    return [`error: ${error instanceof Error ? error.message : String(error)}`];
  }
}

const silently = 'silently ';

function commandOf(text: string): Command {
  const [verb = '', ...rest] = text.split(' ').filter((word) => word !== '');
  const named = rest.filter((word) => word.includes('=')).map((word) => word.split('=', 2));
  return {
    verb,
    words: rest.filter((word) => !word.includes('=')),
    named: Object.fromEntries(named) as Record<string, string>,
  };
}
