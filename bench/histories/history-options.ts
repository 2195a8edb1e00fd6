/** The objects that a history can be of. */
export const kinds = [
  'register',
  'kv',
  'queue',
  'stack',
  'set',
  'pqueue',
  'mutex',
  'multi-register',
  'list-append',
] as const;

export type Kind = (typeof kinds)[number];

/** Ways to spoil one result, each with the kinds that it works on; `mutations.ts` explains them. */
export type Mutation = 'stale-read' | 'fifo' | 'lifo' | 'dup-deq' | 'flip' | 'lost-append';

/** What decides a generated history, to the byte. */
export interface HistoryOptions {
  readonly kind: Kind;
  /** Operations that are called. */
  readonly operations: number;
  readonly clients: number;
  readonly seed: number;
  /** Keys of kv, multi-register and list-append; 1 by default. */
  readonly keys?: number;
  /** Skew of the keys; 0, all alike, by default. */
  readonly zipf?: number;
  /** Every written value is new, or one of so many; `unique` by default. */
  readonly values?: 'unique' | number;
  /** Operations that never return; 0 by default. */
  readonly crashed?: number;
  /** One wrong result, and where in the history, as a share of it; 0.95 by default. */
  readonly mutation?: Mutation;
  readonly mutateAt?: number;
  /** Whether events have times; they do by default. */
  readonly times?: boolean;
  /** Elements of a set; 64 by default. */
  readonly universe?: number;
  /**
   * Appends to a list after which its key is never used again and a new one takes its place; by default
   * lists grow without end.
   */
  readonly appendsPerKey?: number;
}

/** Reads, and writes among reads and writes and cas; the rest are cas. */
export const readShare = 0.5;
export const writeShare = 0.3;

/** Elements above which a queue or a stack is rather emptied than filled. */
export const comfortableLength = 50;

/** A name that says everything, fit for a file. */
export function nameOf(options: HistoryOptions): string {
  const { kind, operations, clients, seed, keys, values = 'unique', crashed = 0 } = options;
  const parts = [
    kind,
    `n${operations}`,
    `c${clients}`,
    ...(keys === undefined ? [] : [`k${keys}`]),
    ...(values === 'unique' ? [] : [`v${values}`]),
    ...(crashed === 0 ? [] : [`x${crashed}`]),
    ...(options.zipf === undefined ? [] : [`z${options.zipf}`]),
    ...(options.universe === undefined ? [] : [`u${options.universe}`]),
    ...(options.appendsPerKey === undefined ? [] : [`a${options.appendsPerKey}`]),
    ...(options.mutation === undefined ? [] : [`${options.mutation}${options.mutateAt ?? 0.95}`]),
    ...(options.times === false ? ['untimed'] : []),
    `s${seed}`,
  ];
  return parts.join('-');
}
