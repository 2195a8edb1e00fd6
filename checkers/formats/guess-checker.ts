import { type HistoryEvent, type OpEvent, isFaultEvent } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import { valueKey } from '../models/value.ts';

/** The checker that a history asks for, and the model for those that need one. */
export interface CheckerChoice {
  readonly checker: string;
  readonly model: string | null;
}

/** A guess, or why there is none. */
export type CheckerGuess =
  | ({ readonly kind: 'known' } & CheckerChoice)
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * Guesses what a history is of from the names of its operations and the shape of some values. It goes
 * through all the events that it is given.
 */
export function guessChecker(events: Iterable<HistoryEvent>): CheckerGuess {
  const traits = traitsOf(events);
  return (
    byTransactions(traits) ??
    bySpecialReads(traits) ??
    byCheckers(traits) ??
    byModels(traits) ??
    nothing(`no checker is for all of these operations: ${[...traits.names].sort().join(', ')}`)
  );
}

/** Guesses the model alone, for a checker that was named and needs one. */
export function guessModel(events: Iterable<HistoryEvent>): CheckerGuess {
  const traits = traitsOf(events);
  if (traits.microOperations.has('append')) {
    return nothing('no model has transactions that append');
  }
  return (
    byModels(traits) ??
    nothing(`no model has all of these operations: ${[...traits.names].sort().join(', ')}`)
  );
}

/** What the values of successful reads look like. */
type Shape = 'one' | 'list' | 'map' | 'micro-operations' | 'nothing';

interface Traits {
  readonly names: ReadonlySet<string>;
  readonly reads: ReadonlySet<Shape>;
  /** The first words of the parts of transactions: `append`, `r`, `w`, … */
  readonly microOperations: ReadonlySet<string>;
  /** Whether acquiring a lock returned something: a fencing token. */
  readonly hasTokens: boolean;
  /** Whether no key was written the same value twice, or the same element added twice. */
  readonly hasUniqueWrites: boolean;
}

/** More different values than these are taken to be unique. */
const mostValues = 1_000_000;

function traitsOf(events: Iterable<HistoryEvent>): Traits {
  const names = new Set<string>();
  const reads = new Set<Shape>();
  const microOperations = new Set<string>();
  const written = new Set<string>();
  let hasTokens = false;
  let hasUniqueWrites = true;
  const write = (key: Json, value: Json): void => {
    if (!hasUniqueWrites || written.size >= mostValues) return;
    const pair = `${valueKey(key)} ${valueKey(value)}`;
    hasUniqueWrites = !written.has(pair);
    written.add(pair);
  };
  for (const event of events) {
    if (isFaultEvent(event)) continue;
    names.add(event.op);
    if (event.phase === 'ok' && readings.has(event.op)) reads.add(shapeOf(event.value));
    if (event.phase === 'ok' && event.op === 'acquire' && event.value !== null) hasTokens = true;
    if (event.phase !== 'invoke') continue;
    if (event.op === 'add') write(event.key ?? null, event.value);
    for (const [kind, key, value] of microOperationsOf(event)) {
      microOperations.add(kind);
      if (kind === 'w' || kind === 'write') write(key, value);
    }
  }
  return { names, reads, microOperations, hasTokens, hasUniqueWrites };
}

const readings: ReadonlySet<string> = new Set(['read', 'get']);

function shapeOf(value: Json): Shape {
  if (value === null) return 'nothing';
  if (typeof value !== 'object') return 'one';
  if (!Array.isArray(value)) return 'map';
  return value.length > 0 && value.every(isMicroOperation) ? 'micro-operations' : 'list';
}

type MicroOperation = readonly [kind: string, key: Json, value: Json];

function isMicroOperation(value: unknown): value is MicroOperation {
  return Array.isArray(value) && value.length === 3 && typeof value[0] === 'string';
}

function microOperationsOf({ op, value }: OpEvent): readonly MicroOperation[] {
  const mayBe = op === 'txn' || op === 'read' || op === 'write';
  return mayBe && Array.isArray(value)
    ? (value as readonly unknown[]).filter(isMicroOperation)
    : [];
}

function byTransactions({ names, microOperations, hasUniqueWrites }: Traits): CheckerGuess | null {
  if (!names.has('txn')) return null;
  if (names.size > 1) return null;
  if (microOperations.has('append')) return known('list-append');
  // The dependencies of transactions show only where each value was written once.
  return hasUniqueWrites ? known('rw-register') : linearizableAs('multi-register');
}

/** Reads that return more than one value at a time. */
function bySpecialReads({ names, reads }: Traits): CheckerGuess | null {
  const others = [...names].filter((name) => name !== 'read');
  const only = (...allowed: readonly string[]): boolean =>
    others.every((name) => allowed.includes(name));
  if (reads.has('micro-operations') && only('write')) return known('long-fork');
  if (reads.has('map') && only('transfer')) return known('bank');
  if (reads.has('list') && only('add')) return known('set-full');
  return null;
}

/** All the operations that may occur, the one that must first. */
const ofCheckers: readonly (readonly [readonly string[], string])[] = [
  [['generate'], 'unique-ids'],
  [['transfer', 'read'], 'bank'],
  [['drain', 'enqueue', 'dequeue'], 'total-queue'],
];

function byCheckers({ names, hasUniqueWrites }: Traits): CheckerGuess | null {
  // Elements that nobody read, all different: more likely a set than a counter.
  if (names.size === 1 && names.has('add') && hasUniqueWrites) return known('set-full');
  for (const [operations, name] of ofCheckers) {
    const isOnly = [...names].every((each) => operations.includes(each));
    if (isOnly && names.has(operations[0] ?? '')) return known(name);
  }
  return null;
}

/** The first that has all operations of a history; what is read of them tells apart the rest. */
const ofModels: readonly {
  readonly operations: readonly string[];
  readonly model: string | ((traits: Traits) => string);
}[] = [
  { operations: ['read', 'write'], model: 'register' },
  { operations: ['read', 'write', 'cas'], model: 'cas-register' },
  {
    operations: ['get', 'put', 'append', 'delete', 'cas'],
    // A store says null of a key without a value; the logs of Porcupine start with empty texts.
    model: ({ reads }) => (reads.has('nothing') ? 'kv' : 'kv-string'),
  },
  {
    operations: ['append', 'read'],
    model: ({ reads }) => (reads.has('list') ? 'append-list' : 'kv'),
  },
  { operations: ['read', 'write', 'append', 'delete', 'cas'], model: 'kv' },
  { operations: ['enqueue', 'dequeue'], model: 'fifo-queue' },
  { operations: ['push', 'pop'], model: 'stack' },
  {
    operations: ['acquire', 'release'],
    model: ({ hasTokens }) => (hasTokens ? 'fenced-mutex' : 'mutex'),
  },
  {
    operations: ['add', 'remove', 'contains'],
    model: ({ names }) => (names.size === 1 && names.has('add') ? 'counter' : 'set'),
  },
  {
    operations: ['add', 'remove', 'contains', 'read'],
    model: ({ names, reads }) =>
      reads.has('list') || names.has('remove') || names.has('contains') ? 'whole-set' : 'counter',
  },
  { operations: ['add', 'decrement', 'add-and-get', 'read'], model: 'counter' },
  { operations: ['txn'], model: 'multi-register' },
];

function byModels(traits: Traits): CheckerGuess | null {
  for (const { operations, model } of ofModels) {
    if (![...traits.names].every((each) => operations.includes(each))) continue;
    return linearizableAs(typeof model === 'string' ? model : model(traits));
  }
  return null;
}

function known(checker: string): CheckerGuess {
  return { kind: 'known', checker, model: null };
}

function linearizableAs(model: string): CheckerGuess {
  return { kind: 'known', checker: 'linearizable', model };
}

function nothing(reason: string): CheckerGuess {
  return {
    kind: 'unknown',
    reason: `${reason}; name a checker with --checker, or a model with --model`,
  };
}
