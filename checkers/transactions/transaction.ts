import { type OpEvent, isFaultEvent } from '../../core/event.ts';
import type { History } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';
import { valueKey, wordsOf } from '../models/value.ts';
import type { Work } from '../work.ts';
import { type Column, bytes, floats, integers, naturals } from './column.ts';

/** How a transaction ended; one without a completion is as unknown as one that ended `info`. */
export const outcome = { ok: 0, info: 1, fail: 2 } as const;

/** What a micro-operation does: `["r", …]`, `["append", …]` or `["w", …]`. */
export const micro = { read: 0, append: 1, write: 2 } as const;

/** A place in the history that no event has: the transaction never returned. */
export const never = 0xffffffff;

/**
 * The transactions of a history in order of their invocations, as columns: transaction `t` has the
 * micro-operations from `microStart[t]` to before `microEnd[t]`. Reads of transactions that are not
 * known to have committed are left out, because nothing follows from them.
 */
export interface Transactions {
  readonly count: number;
  /** One of `outcome`. */
  readonly outcome: Uint8Array;
  readonly process: Float64Array;
  /** Places of invocation and completion among the events of clients, counted from 0. */
  readonly callAt: Uint32Array;
  /** `never` for what did not return; an `info` completion is no return. */
  readonly returnAt: Uint32Array;
  readonly callNs: Float64Array;
  readonly returnNs: Float64Array;
  /** Whether events carry times, or only their places. */
  readonly timed: boolean;
  readonly nodeOf: (transaction: number) => string | null;
  readonly microStart: Uint32Array;
  readonly microEnd: Uint32Array;
  /** One of `micro`. */
  readonly microKind: Uint8Array;
  /** An index into `keys`. */
  readonly microKey: Uint32Array;
  /** What `MicroValues` made of the value. */
  readonly microValue: Int32Array;
  readonly keys: readonly Json[];
  /** Why nothing can be concluded: what in the history was not understood. Null when all was. */
  readonly problem: string | null;
}

/** Gives the values of micro-operations numbers: what they mean is the business of each checker. */
export interface MicroValues {
  /** Kinds that may occur, for messages and refusals. */
  readonly allowed: readonly ('r' | 'append' | 'w')[];
  /** Called before the micro-operations of each transaction, which then come in their order. */
  readonly begin?: () => void;
  /** A completed read; returns null for a value that cannot have been read. */
  readonly read: (key: number, value: Json) => number | null;
  /** What an append or a write puts there, whether it happened or not. */
  readonly written: (key: number, value: Json) => number;
}

const spellings: Readonly<Record<string, 'r' | 'append' | 'w'>> = {
  r: 'r',
  read: 'r',
  append: 'append',
  w: 'w',
  write: 'w',
};
const codeOf = { r: micro.read, append: micro.append, w: micro.write } as const;

interface Open {
  readonly at: number;
  readonly value: Json;
}

/** Events between two stints, and what a transaction and each of its parts fill, about. */
const eventsAtOnce = 1000;
const bytesEach = { transaction: 64, part: 64 } as const;

/** Reads the `txn` operations of a history in one pass; keeps nothing of the events themselves. */
export function* readTransactions(history: History, values: MicroValues): Work<Transactions> {
  const table = createTable(values);
  const open = new Map<number, Open>();
  let seen = 0;
  let bytesHeld = 0;
  for (const event of history.events()) {
    if (++seen % eventsAtOnce === 0) {
      const { transactions, parts } = table.size();
      const bytes = transactions * bytesEach.transaction + parts * bytesEach.part;
      // Names and values are looked up, which is slower than most steps.
      yield { steps: 20 * eventsAtOnce, bytes: bytes - bytesHeld };
      bytesHeld = bytes;
    }
    if (isFaultEvent(event)) continue;
    if (event.op !== 'txn') table.refuse('only the operation txn', event.op);
    if (event.phase === 'invoke') {
      const lost = open.get(event.process);
      if (lost !== undefined) table.fill(lost.at, lost.value, outcome.info);
      open.set(event.process, { at: table.begin(event), value: event.value });
      continue;
    }
    const begun = open.get(event.process);
    if (begun === undefined) table.skip();
    else table.end(begun.at, event, begun.value);
    open.delete(event.process);
  }
  for (const { at, value } of open.values()) table.fill(at, value, outcome.info);
  return table.finish();
}

interface Table {
  begin(event: OpEvent): number;
  end(transaction: number, event: OpEvent, invoked: Json): void;
  fill(transaction: number, value: Json, how: number): void;
  /** Counts an event that belongs to no transaction. */
  skip(): void;
  refuse(expected: string, got: string): void;
  size(): { readonly transactions: number; readonly parts: number };
  finish(): Transactions;
}

function createTable(values: MicroValues): Table {
  const rows = { outcome: bytes(), process: floats(), callAt: naturals(), returnAt: naturals() };
  const times = { callNs: floats(), returnNs: floats() };
  const spans = { microStart: naturals(), microEnd: naturals() };
  const micros = createMicros(values);
  const nodes = createNodes();
  let events = 0;
  let timed = false;
  const table: Table = {
    begin(event) {
      const transaction = rows.outcome.length();
      timed ||= event.timeNs !== event.index;
      rows.outcome.push(outcome.info);
      rows.process.push(event.process);
      rows.callAt.push(events++);
      rows.returnAt.push(never);
      times.callNs.push(event.timeNs);
      times.returnNs.push(event.timeNs);
      spans.microStart.push(0);
      spans.microEnd.push(0);
      nodes.push(event.node);
      return transaction;
    },
    end(transaction, event, invoked) {
      const how = outcome[event.phase === 'invoke' ? 'info' : event.phase];
      const place = events++;
      if (how === outcome.ok) {
        rows.returnAt.set(transaction, place);
        times.returnNs.set(transaction, event.timeNs);
      }
      rows.outcome.set(transaction, how);
      nodes.set(transaction, event.node);
      table.fill(transaction, how === outcome.ok ? event.value : (invoked ?? event.value), how);
    },
    fill(transaction, value, how) {
      spans.microStart.set(transaction, micros.length());
      micros.push(value, how === outcome.ok);
      spans.microEnd.set(transaction, micros.length());
    },
    skip() {
      events++;
    },
    refuse: micros.refuse,
    size: () => ({ transactions: rows.outcome.length(), parts: micros.length() }),
    finish: () => ({
      count: rows.outcome.length(),
      timed,
      nodeOf: nodes.of,
      ...valuesOf(rows),
      ...valuesOf(times),
      ...valuesOf(spans),
      ...micros.finish(),
    }),
  };
  return table;
}

interface Micros {
  readonly length: () => number;
  /** Adds the micro-operations of one transaction; of one that is not known to commit, no reads. */
  readonly push: (value: Json, committed: boolean) => void;
  readonly refuse: (expected: string, got: string) => void;
  readonly finish: () => Pick<
    Transactions,
    'microKind' | 'microKey' | 'microValue' | 'keys' | 'problem'
  >;
}

function createMicros({ allowed, begin, read, written }: MicroValues): Micros {
  const columns = { microKind: bytes(), microKey: naturals(), microValue: integers() };
  const keys: Json[] = [];
  const known = new Map<string | number, number>();
  let problem: string | null = null;
  const refuse = (expected: string, got: string): void => {
    problem ??= `expected ${expected}, got ${got}: nothing can be concluded`;
  };
  const keyOf = (name: Json): number => {
    const text = valueKey(name);
    let key = known.get(text);
    if (key === undefined) {
      key = keys.push(name) - 1;
      known.set(text, key);
    }
    return key;
  };
  const shapes = allowed.map((kind) => `["${kind}", key, value]`).join(' and ');
  const pushOne = (each: Json, committed: boolean): void => {
    const [name, key, value] = Array.isArray(each) ? (each as readonly Json[]) : [];
    const kind = typeof name === 'string' ? spellings[name] : undefined;
    if (kind === undefined || key === undefined || !allowed.includes(kind)) {
      refuse(`transactions of ${shapes}`, wordsOf(each));
      return;
    }
    if (kind === 'r' && !committed) return;
    const id = keyOf(key);
    const number = kind === 'r' ? read(id, value ?? null) : written(id, value ?? null);
    if (number === null) {
      refuse('reads of what can have been read', wordsOf(each));
      return;
    }
    columns.microKind.push(codeOf[kind]);
    columns.microKey.push(id);
    columns.microValue.push(number);
  };
  return {
    length: columns.microKind.length,
    push(value, committed) {
      begin?.();
      if (!Array.isArray(value)) refuse(`a txn to be a list of ${shapes}`, wordsOf(value));
      else for (const each of value as readonly Json[]) pushOne(each, committed);
    },
    refuse,
    finish: () => ({ ...valuesOf(columns), keys, problem }),
  };
}

/** Which node answered, as far as the events say. */
function createNodes(): {
  push: (node: string | undefined) => void;
  set: (transaction: number, node: string | undefined) => void;
  of: (transaction: number) => string | null;
} {
  const names: string[] = [];
  const column = integers();
  const idOf = (node: string | undefined): number => {
    if (node === undefined) return -1;
    const id = names.indexOf(node);
    return id >= 0 ? id : names.push(node) - 1;
  };
  return {
    push: (node) => column.push(idOf(node)),
    set(transaction, node) {
      if (node !== undefined) column.set(transaction, idOf(node));
    },
    of: (transaction) => names[column.at(transaction)] ?? null,
  };
}

type ValuesOf<T> = { [K in keyof T]: T[K] extends Column<infer A> ? A : never };

function valuesOf<T extends Record<string, { values: () => unknown }>>(columns: T): ValuesOf<T> {
  const entries = Object.entries(columns).map(([name, { values }]) => [name, values()] as const);
  return Object.fromEntries(entries) as ValuesOf<T>;
}
