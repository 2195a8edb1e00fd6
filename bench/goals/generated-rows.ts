import type { Validity } from '../../core/verdict.ts';
import type { HistoryOptions, Kind } from '../histories/history-options.ts';
import type { Question } from '../measure/assignment.ts';
import { emptyRow } from './published-rows.ts';
import type { Limit, Row } from './row.ts';

/** A generated history and its limits: CPU time in ms and peak memory in MB, must and aim. */
type Family = readonly [
  goal: number,
  history: string,
  options: HistoryOptions,
  must: Limit | null,
  aim: Limit | null,
];

const register = { kind: 'register', times: true } as const;
const hard = { ...register, clients: 40, seed: 11 } as const;
const long = { kind: 'register', clients: 10, seed: 91, values: 5, times: false } as const;
const stale = { ...register, seed: 31, mutation: 'stale-read' } as const;
const crashing = { ...register, operations: 1e3, clients: 5, seed: 21, values: 5 } as const;
const keyed = { kind: 'kv', operations: 1e6, clients: 20, seed: 71 } as const;
const queue = { kind: 'queue', clients: 10, seed: 41 } as const;
const stack = { kind: 'stack', clients: 10, seed: 51 } as const;

/** `five` writes one of five values, otherwise every value is new. The seeds are the baseline's. */
const families: readonly Family[] = [
  [
    5,
    '10⁶ operations, 20 clients, 100 crashed, unique',
    { ...register, operations: 1e6, clients: 20, crashed: 100, seed: 81 },
    { cpuMs: 2_000, peakMb: 400 },
    { cpuMs: 1_000, peakMb: 200 },
  ],
  [
    6,
    '10⁶ operations, 10 clients, five values',
    { ...long, operations: 1e6 },
    { cpuMs: 8_000, peakMb: 400 },
    { cpuMs: 3_000, peakMb: 200 },
  ],
  [
    7,
    '10⁵ operations, 10 clients, five values',
    { ...long, operations: 1e5 },
    { cpuMs: 1_000, peakMb: 150 },
    { cpuMs: 400 },
  ],
  [
    8,
    '10³ operations, 40 clients, five values',
    { ...hard, operations: 1e3, values: 5 },
    { cpuMs: 1_000 },
    { cpuMs: 100 },
  ],
  [
    8,
    '10³ operations, 40 clients, unique',
    { ...hard, operations: 1e3 },
    { cpuMs: 50 },
    { cpuMs: 10 },
  ],
  [
    9,
    '10⁴ operations, 40 clients, five values',
    { ...hard, operations: 1e4, values: 5 },
    { cpuMs: 5_000, peakMb: 300 },
    { cpuMs: 1_000 },
  ],
  [
    10,
    'stale read, 10⁴ operations, 10 clients, 10 crashed, five values',
    { ...stale, operations: 1e4, clients: 10, crashed: 10, values: 5 },
    { cpuMs: 2_000 },
    { cpuMs: 500 },
  ],
  [
    10,
    'stale read, 10⁴ operations, 10 clients, 10 crashed, unique',
    { ...stale, operations: 1e4, clients: 10, crashed: 10 },
    { cpuMs: 100 },
    { cpuMs: 30 },
  ],
  [
    11,
    'stale read, 10³ operations, 5 clients, 20 crashed, five values',
    { ...stale, operations: 1e3, clients: 5, crashed: 20, values: 5 },
    { cpuMs: 2_000 },
    { cpuMs: 200 },
  ],
  [
    12,
    '10³ operations, 5 clients, 20 crashed, five values',
    { ...crashing, crashed: 20 },
    { cpuMs: 200 },
    { cpuMs: 20 },
  ],
  [
    12,
    '10³ operations, 5 clients, 50 crashed, five values',
    { ...crashing, crashed: 50 },
    { cpuMs: 200 },
    { cpuMs: 20 },
  ],
  [
    12,
    '10³ operations, 5 clients, 100 crashed, five values',
    { ...crashing, crashed: 100 },
    { cpuMs: 200 },
    { cpuMs: 20 },
  ],
  [
    13,
    'KV, 10⁶ operations, 100 keys, unique',
    { ...keyed, keys: 100 },
    { cpuMs: 800, peakMb: 300 },
    { cpuMs: 300 },
  ],
  [
    13,
    'KV, 10⁶ operations, 100 keys, five values',
    { ...keyed, keys: 100, values: 5 },
    { cpuMs: 2_000, peakMb: 300 },
    { cpuMs: 800 },
  ],
  [
    14,
    'KV, 10⁶ operations, 10 keys, unique',
    { ...keyed, keys: 10 },
    { cpuMs: 1_000, peakMb: 300 },
    { cpuMs: 500 },
  ],
  [
    14,
    'KV, 10⁶ operations, 10 keys, five values',
    { ...keyed, keys: 10, values: 5 },
    { cpuMs: 4_000, peakMb: 300 },
    { cpuMs: 1_500 },
  ],
  [15, 'queue, 10³ operations, 10 clients', { ...queue, operations: 1e3 }, { cpuMs: 50 }, null],
  [
    15,
    'queue out of order, 10³ operations, 10 clients',
    { ...queue, operations: 1e3, mutation: 'fifo', mutateAt: 0.8 },
    { cpuMs: 50 },
    null,
  ],
  [15, 'queue, 10⁶ operations, 10 clients', { ...queue, operations: 1e6 }, null, { cpuMs: 3_000 }],
  [16, 'stack, 10³ operations, 10 clients', { ...stack, operations: 1e3 }, { cpuMs: 200 }, null],
  [16, 'stack, 10⁵ operations, 10 clients', { ...stack, operations: 1e5 }, null, { cpuMs: 3_000 }],
  [
    17,
    'set, 10⁴ operations, 20 clients, 64 elements',
    { kind: 'set', operations: 1e4, clients: 20, seed: 61 },
    { cpuMs: 26 },
    { cpuMs: 10 },
  ],
  [
    20,
    'list-append, 10⁶ transactions, 20 clients',
    { kind: 'list-append', operations: 1e6, clients: 20, keys: 10, appendsPerKey: 32, seed: 101 },
    { cpuMs: 60_000, peakMb: 4_096 },
    { cpuMs: 15_000 },
  ],
];

/** What Porcupine took in the baseline, in ms, where it ended: by goal and place among its rows. */
const baselineMs: Readonly<Record<string, number>> = {
  '12.0': 3,
  '12.1': 21,
  '12.2': 5,
  '13.0': 8_000,
  '13.1': 8_500,
  '17.0': 26,
};

/** Goals 5 to 17 and 20. */
export function generatedRows(): readonly Row[] {
  return families.map(([goal, history, options, must, aim], at) => {
    const place = families.slice(0, at).filter(([other]) => other === goal).length;
    return {
      goal,
      history,
      work: {
        kind: 'together',
        sources: [{ kind: 'generated', history: options, question: questionOf(options) }],
        passes: 1,
      },
      must,
      aim,
      baselineMs: baselineMs[`${goal}.${place}`] ?? null,
    };
  });
}

/** Goal 18: goal 6 while it is produced; nothing may grow after the first 10⁵ operations. */
export function streamRow(): Row {
  const history: HistoryOptions = { ...long, operations: 1e6 };
  return {
    ...emptyRow,
    goal: 18,
    history: '10⁶ operations, 10 clients, five values, while it is produced',
    work: { kind: 'stream', history, question: questionOf(history) },
    must: { peakMb: flatMb },
  };
}

/** The same objects weigh so much more or less from one time to the next. */
const flatMb = 4;

const modelNames: Readonly<Partial<Record<Kind, string>>> = {
  register: 'cas-register',
  kv: 'cas-register',
  queue: 'fifo-queue',
  pqueue: 'priority-queue',
};

/** A history is right unless one of its results was changed. */
export function questionOf({ kind, mutation }: HistoryOptions): Question {
  const expected: Validity = mutation === undefined ? 'valid' : 'invalid';
  if (kind === 'list-append') return { checker: kind, options: {}, expected };
  return { checker: 'linearizable', options: { model: modelNames[kind] ?? kind }, expected };
}
