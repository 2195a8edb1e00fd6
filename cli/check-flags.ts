import { Flags } from '@oclif/core';

/** An option that some checkers take: the flag of `dtest check`, and what it becomes. */
interface CheckerOption {
  readonly checkers: readonly string[];
  /** The name of the option in `CheckerOptions`. */
  readonly option: string;
  readonly description: string;
  /** All that it may be; anything when left out. */
  readonly values?: readonly string[];
  /** What the text on the command line stands for; the text itself when left out. */
  readonly means?: 'json' | 'whole number' | 'duration' | 'true or false' | 'list';
}

/** These judge a history by a model. */
export const modelledCheckers: ReadonlySet<string> = new Set(['linearizable', 'sequential']);

/** By the name of the flag. `cli/check/choose-checker.ts` hands them to the checkers that take them. */
export const checkerOptions: Readonly<Record<string, CheckerOption>> = {
  init: {
    checkers: [
      'linearizable',
      'sequential',
      'sessions',
      'monotonic-reads',
      'read-your-writes',
      'monotonic-writes',
      'writes-follow-reads',
      'counter-bounds',
      'isolation',
      'rw-register',
    ],
    option: 'init',
    description: 'Initial value of the object, as JSON.',
    means: 'json',
  },
  'failed-cas': {
    checkers: ['linearizable', 'sequential'],
    option: 'failedCas',
    description:
      'What a failed cas means: drop (the default), it says nothing; assert, the value was another one then.',
    values: ['drop', 'assert'],
  },
  algorithm: {
    checkers: ['linearizable'],
    option: 'algorithm',
    description: 'auto (the default) takes the fastest that applies; the others are for comparing.',
    values: ['auto', 'search', 'porcupine'],
  },
  consistency: {
    checkers: ['list-append', 'rw-register', 'isolation'],
    option: 'consistency',
    description:
      'The level that transactions must keep, such as serializable; by default strict-serializable, and causal for isolation.',
  },
  assume: {
    checkers: ['rw-register'],
    option: 'assume',
    description:
      'What may be taken for granted of each key alone: linearizable-keys, sequential-keys, or both with a comma; nothing by default.',
    means: 'list',
  },
  total: {
    checkers: ['bank'],
    option: 'total',
    description: 'What all balances add up to; by default what the first read saw.',
    means: 'whole number',
  },
  accounts: {
    checkers: ['bank'],
    option: 'accounts',
    description: 'The accounts that every read must show, such as a,b,c; any by default.',
    means: 'list',
  },
  'negative-balances': {
    checkers: ['bank'],
    option: 'negativeBalances',
    description: 'Whether a balance below zero convicts; it does by default.',
    values: ['convict', 'allow'],
  },
  'stale-reads': {
    checkers: ['set-full'],
    option: 'staleReads',
    description:
      'Whether an element that a read missed and a later one saw convicts; it does by default.',
    values: ['convict', 'allow'],
  },
  delivery: {
    checkers: ['total-queue', 'unordered-queue'],
    option: 'delivery',
    description: 'Whether an element may come out more than once; exactly-once by default.',
    values: ['exactly-once', 'at-least-once'],
  },
  lease: {
    checkers: ['lock'],
    option: 'lease',
    description:
      'How long a lock is held that nobody released: none (for ever), unknown (the default), or a duration such as 10s.',
    means: 'duration',
  },
  reentrant: {
    checkers: ['lock'],
    option: 'reentrant',
    description: 'Whether its holder may acquire a lock again; false by default.',
    values: ['true', 'false'],
    means: 'true or false',
  },
  reading: {
    checkers: ['monotonic'],
    option: 'reading',
    description: 'The operation whose results only grow; read by default.',
  },
  growth: {
    checkers: ['monotonic'],
    option: 'growth',
    description: 'Whether two results in order must differ (strict); weak by default.',
    values: ['strict', 'weak'],
  },
  'real-time': {
    checkers: ['monotonic'],
    option: 'realTime',
    description: 'Whether going back between processes convicts; it does by default.',
    values: ['convict', 'allow'],
  },
  readings: {
    checkers: ['convergence'],
    option: 'readings',
    description: 'Operations that change nothing, such as read,get (the default).',
    means: 'list',
  },
  order: {
    checkers: ['convergence'],
    option: 'order',
    description: 'Whether the order of a list matters; it does by default.',
    values: ['matters', 'ignored'],
  },
  settle: {
    checkers: ['convergence'],
    option: 'settleMs',
    description: 'After how long an update of unknown outcome is settled, such as 5s.',
    means: 'duration',
  },
};

export const checkFlags = {
  checker: Flags.string({
    char: 'c',
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
    description:
      'What to judge, one or several; `dtest list checkers` names them. Guessed from the operations by default.',
  }),
  model: Flags.string({
    char: 'm',
    description:
      'What the operations mean, for linearizable and sequential; `dtest list models` names them. A file, such as ./my-model.ts, holds one of your own.',
  }),
  format: Flags.string({
    char: 'f',
    description:
      'How the files are written; `dtest list formats` names them. Guessed from their beginning by default.',
  }),
  keyed: Flags.string({
    options: ['auto', 'yes', 'no'],
    default: 'auto',
    description:
      'Whether values are [key value] pairs, as jepsen.independent writes them; auto looks whether reads are called with [key nil].',
  }),
  'max-steps': Flags.integer({
    min: 1,
    description: 'Steps of search after which the verdict is unknown.',
  }),
  'max-memory': Flags.string({
    description: 'What a search may fill beside the history, such as 500MB or 2GB.',
  }),
  timeout: Flags.string({ description: 'Wall-clock limit for each file, such as 60s.' }),
  threads: Flags.integer({
    min: 1,
    description: 'Worker threads; by default one for each core.',
  }),
  stream: Flags.boolean({
    default: false,
    description:
      'Judges while reading and keeps nothing in memory that is not needed; files above 256 MB are read so anyway, where the checker can.',
  }),
  export: Flags.string({
    options: ['edn', 'jsonl'],
    description:
      "Writes the history in another form and judges nothing: Jepsen's history.edn, or JSON lines.",
  }),
  output: Flags.string({
    char: 'o',
    description: 'Where --export writes; standard output by default.',
  }),
  junit: Flags.string({ description: 'Also writes a JUnit report to this file.' }),
  markdown: Flags.string({ description: 'Also writes the verdicts as Markdown to this file.' }),
  quiet: Flags.boolean({
    char: 'q',
    default: false,
    description: 'One line for each file: no evidence, no notes, no progress.',
  }),
  ...optionFlags(),
};

function optionFlags() {
  return Object.fromEntries(
    Object.entries(checkerOptions).map(([name, { checkers, description, values }]) => [
      name,
      Flags.string({
        helpGroup: 'CHECKERS',
        description: `${description} (${checkers.join(', ')})`,
        ...(values === undefined ? {} : { options: [...values] }),
      }),
    ]),
  );
}
