import type { Json } from '../../core/json.ts';
import type { Rng } from '../../core/rng.ts';
import { elementsOf } from '../models/sequence.ts';
import type { Sorted } from '../models/sorted.ts';
import { type Text, wholeOf } from '../models/texts.ts';

/** What may be asked of an object, and what it may answer. */
export interface Question {
  readonly op: string;
  readonly value: Json;
  /** What an object in this state of the model answers; whether it can happen there, the model says. */
  answer(state: unknown): Json;
  /** An answer in place of that one, to spoil a history with. */
  other(right: Json, rng: Rng): Json;
}

export type Questions = (draw: () => number, rng: Rng) => Question;

/** One whose answer repeats what was asked, as that of a write does. */
function order(op: string, value: Json): Question {
  return { op, value, answer: () => value, other: () => value };
}

/** One that asks for something. */
function query(
  op: string,
  answer: Question['answer'],
  { value = null, other = anyValue }: { value?: Json; other?: Question['other'] } = {},
): Question {
  return { op, value, answer, other };
}

/** Something that a small history can have written, or null for nothing yet. */
function anyValue(_right: Json, rng: Rng): Json {
  const value = rng.int(0, 9);
  return value === 0 ? null : value;
}

function anyNumber(right: Json, rng: Rng): Json {
  return (right as number) + rng.int(-2, 2);
}

function theState(state: unknown): Json {
  return state as Json;
}

const registerOps: Questions = (draw, rng) => {
  if (rng.float() < 0.5) return query('read', theState);
  return order('write', rng.float() < 0.1 ? null : draw());
};

/** Writes only new values when the values drawn are new, as the monitor for registers wants it. */
const casRegisterOps: Questions = (draw, rng) => {
  const kind = rng.float();
  if (kind < 0.4) return query('read', theState);
  if (kind < 0.7) return order('write', draw());
  return order('cas', [rng.pick([null, 1, 2, 3]), draw()]);
};

/** Mostly pieces that end alike; letters, so that a text comes about in many ways; other values. */
const kvOps: Questions = (draw, rng) => {
  const kind = rng.float();
  const piece = rng.float() < 0.9 ? `${draw()},` : rng.pick(['a', 'b', 'ab', '', draw()]);
  if (kind < 0.4) return query('get', contentOf, { other: anyText });
  if (kind < 0.53) return order('put', piece);
  if (kind < 0.57) return order('delete', null);
  if (kind < 0.62) return order('cas', [anyText(null, rng), piece]);
  return order('append', piece);
};

function contentOf(state: unknown): Json {
  const content = state as Text | { readonly kind: 'value'; readonly value: Json };
  return content.kind === 'text' ? wholeOf(content) : content.value;
}

function anyText(right: Json, rng: Rng): Json {
  const pieces = typeof right === 'string' ? right.split(/(?<=,)/) : [];
  if (pieces.length > 0 && rng.float() < 0.4) return pieces.slice(0, -1).join('');
  if (pieces.length > 1 && rng.float() < 0.6) return rng.shuffle(pieces).join('');
  return rng.pick([null, '', 'a', 'ab', 1, '1,', '2,', '1,2,', '2,1,', '1,a', '2,3,']);
}

const takingOps =
  (insertion: string, removal: string, next: (state: unknown) => Json): Questions =>
  (draw, rng) =>
    rng.float() < 0.5 ? query(removal, next) : order(insertion, draw());

function lastOf(state: unknown): Json {
  return elementsOf(state as string).at(-1) ?? null;
}

function firstOf(state: unknown): Json {
  return elementsOf(state as string)[0] ?? null;
}

function leastOf(state: unknown): Json {
  return (state as readonly number[])[0] ?? null;
}

const bagOps: Questions = (draw, rng) => {
  if (rng.float() < 0.5) return order('enqueue', draw());
  const choice = rng.float();
  return query('dequeue', (state) => {
    const elements = state as Sorted;
    return JSON.parse(elements[Math.floor(choice * elements.length)] ?? 'null') as Json;
  });
};

/** Elements of sets come up again, whatever is drawn: those that do not say little. */
const containsOps: Questions = (draw, rng) => {
  const element = draw() % 3;
  const kind = rng.float();
  if (kind >= 0.4) return order(kind < 0.7 ? 'add' : 'remove', element);
  return query('contains', (present) => [element, present === true], {
    value: element,
    other: theOpposite,
  });
};

function theOpposite(right: Json): Json {
  const [element = null, present] = right as readonly Json[];
  return [element, present !== true];
}

const wholeSetOps: Questions = (draw, rng) => {
  const element = draw() % 5;
  const kind = rng.float();
  if (kind < 0.3) return query('read', elementsIn, { other: anyList });
  if (kind >= 0.45) return order(kind < 0.8 ? 'add' : 'remove', element);
  return query('contains', (state) => [element, (state as Sorted).includes(String(element))], {
    value: element,
    other: theOpposite,
  });
};

function elementsIn(state: unknown): Json {
  return (state as Sorted).map((each) => JSON.parse(each) as Json).reverse();
}

const appendListOps: Questions = (draw, rng) =>
  rng.float() < 0.5
    ? query('read', (state) => elementsOf(wholeOf(state as Text)), { other: anyList })
    : order('append', draw());

/** The list with an element less or more, or in another order. */
function anyList(right: Json, rng: Rng): Json {
  const list = right as readonly Json[];
  const kind = rng.float();
  if (kind < 0.4) return list.slice(0, -1);
  return kind < 0.6 ? rng.shuffle(list) : [...list, rng.int(1, 9)];
}

const counterOps: Questions = (_draw, rng) => {
  const kind = rng.float();
  const value = rng.int(-1, 2);
  if (kind < 0.4) return query('read', theState, { other: anyNumber });
  if (kind < 0.7) return order('add', value);
  if (kind < 0.8) return order('decrement', value);
  const answer = (sum: unknown): Json => (sum as number) + value;
  return query('add-and-get', answer, { value, other: anyNumber });
};

const transactions: Questions = (draw, rng) => {
  const micros = Array.from({ length: rng.int(1, 2) }, (): Micro =>
    rng.float() < 0.5 ? ['r', rng.pick(['x', 'y']), null] : ['w', rng.pick(['x', 'y']), draw()],
  );
  const answer = (state: unknown): Json => {
    const registers = new Map(Object.entries(state as Record<string, Json>));
    return micros.map(([kind, key, value]): Micro => {
      if (kind === 'w') registers.set(key, value);
      return [kind, key, registers.get(key) ?? null];
    });
  };
  const other = (right: Json, source: Rng): Json =>
    (right as readonly Micro[]).map(([kind, key, value]): Micro => {
      return [kind, key, kind === 'r' ? source.pick([null, 1, 2]) : value];
    });
  return query('txn', answer, { value: micros, other });
};

type Micro = readonly [string, string, Json];

const lockOps: Questions = (_draw, rng) => order(rng.pick(['acquire', 'release']), null);

/** Tokens sometimes skip one, as a crashed acquisition's would. */
const fencedLockOps: Questions = (_draw, rng) => {
  if (rng.float() < 0.5) return order('release', null);
  const step = rng.int(1, 2);
  const after = (state: unknown): Json => {
    const { token } = state as { readonly token: number };
    return token === -Infinity ? step : token + step;
  };
  return query('acquire', after, { other: anyNumber });
};

/** What to ask of each model in random tests. */
export const questionsFor: Readonly<Record<string, Questions>> = {
  register: registerOps,
  'cas-register': casRegisterOps,
  kv: kvOps,
  'kv-string': kvOps,
  'append-list': appendListOps,
  mutex: lockOps,
  'owned-mutex': lockOps,
  'reentrant-mutex': lockOps,
  'fenced-mutex': fencedLockOps,
  'fifo-queue': takingOps('enqueue', 'dequeue', firstOf),
  'unordered-queue': bagOps,
  stack: takingOps('push', 'pop', lastOf),
  'priority-queue': takingOps('enqueue', 'dequeue', leastOf),
  set: containsOps,
  'whole-set': wholeSetOps,
  counter: counterOps,
  'multi-register': transactions,
};
