import { parseArgs } from 'node:util';
import { parseGoals } from './goals/goals.ts';

export const usage = `Usage: npm run bench:checkers -- [what] [how]

What to measure, all 20 goals unless something is said:
  --goals 1,5-9            some of the goals
  --generated              the goals on generated histories alone, which need no other files
  --corpus                 every file of the open corpus, a row each
  --folder DIR             every file of a folder, a row each; formats and models from its
                           manifest.json, else guessed

How:
  --other 'CMD {file}'     another checker, in alternation; {model}, {failed-cas} and {passes} are
                           filled in too. docs/benchmarks.md says what it must print
  --porcupine DIR          a checkout of Porcupine: goals 1 to 4 then use all of its test data
  --corpus-folder DIR      the open corpus; default ../shared/corpus
  --histories DIR          keep generated files there and use them again
  --runs N                 measure each row so often, the median counts; default 5, and 1 for rows
                           that take over 8 s
  --threads N              worker threads of the checker; default 0
  --max-steps N            steps of search before unknown; default the checker's own
  --timeout SECONDS        for each process; default 300
  --json                   print JSON instead of the table
`;

export interface Arguments {
  readonly what: What;
  readonly other: string | null;
  readonly porcupine: string | null;
  readonly corpusFolder: string | null;
  readonly histories: string | null;
  readonly runs: number;
  readonly threads: number;
  readonly maxSteps: number | null;
  readonly timeoutMs: number;
  readonly json: boolean;
}

export type What =
  | { readonly kind: 'goals'; readonly goals: readonly number[] | null }
  | { readonly kind: 'corpus' }
  | { readonly kind: 'folder'; readonly folder: string };

const onGenerated = '5-18,20';

const options = {
  goals: { type: 'string' },
  generated: { type: 'boolean' },
  corpus: { type: 'boolean' },
  folder: { type: 'string' },
  other: { type: 'string' },
  porcupine: { type: 'string' },
  'corpus-folder': { type: 'string' },
  histories: { type: 'string' },
  runs: { type: 'string' },
  threads: { type: 'string' },
  'max-steps': { type: 'string' },
  timeout: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Null when help is asked for; throws when an argument is not understood. */
export function parseArguments(words: readonly string[]): Arguments | null {
  const { values } = parseArgs({ args: [...words], options, strict: true });
  if (values.help === true) return null;
  const chosen = [values.goals, values.generated, values.corpus, values.folder];
  if (chosen.filter((each) => each !== undefined).length > 1) {
    throw new Error('expected one of --goals, --generated, --corpus and --folder, got several');
  }
  return {
    what: whatOf(values),
    other: values.other ?? null,
    porcupine: values.porcupine ?? null,
    corpusFolder: values['corpus-folder'] ?? null,
    histories: values.histories ?? null,
    runs: wholeOf('--runs', values.runs, 5, 1),
    threads: wholeOf('--threads', values.threads, 0, 0),
    maxSteps:
      values['max-steps'] === undefined ? null : wholeOf('--max-steps', values['max-steps'], 0, 1),
    timeoutMs: wholeOf('--timeout', values.timeout, 300, 1) * 1_000,
    json: values.json ?? false,
  };
}

function whatOf(values: {
  readonly goals?: string;
  readonly generated?: boolean;
  readonly corpus?: boolean;
  readonly folder?: string;
}): What {
  if (values.folder !== undefined) return { kind: 'folder', folder: values.folder };
  if (values.corpus === true) return { kind: 'corpus' };
  const goals = values.generated === true ? onGenerated : values.goals;
  return { kind: 'goals', goals: goals === undefined ? null : parseGoals(goals) };
}

function wholeOf(flag: string, text: string | undefined, usual: number, least: number): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`expected ${flag} as a whole number of at least ${least}, got ${text}`);
}
