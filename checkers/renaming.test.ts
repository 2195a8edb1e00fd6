import { describe, expect, it } from 'vitest';
import type { OpEvent } from '../core/event.ts';
import { historyOf } from '../core/history.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { type Rng, rngOf } from '../core/rng.ts';
import type { Validity } from '../core/verdict.ts';
import { type CheckerOptions, checkers } from './index.ts';
import { describeEvents, historyOfSeed } from './testing/agreement.ts';
import { randomTransactions, stores } from './transactions/testing/random-transactions.ts';

/** What is mistaken for something else most easily: for each other, for no value, for a part of a language. */
const oddities: readonly Json[] = [
  ...[1, '1', 0, '0', -1, 0.5, 1e21, '1e21', true, 'true', false, '', ' ', '\n', '"', '"1"', '1,'],
  ...['null', 'undefined', '__proto__', 'constructor', 'toString', 'é', 'e\u0301', '💥', '\u0000'],
  ...[[], [1], '[1]', [[1]], ['r', 'x', 1], {}, '{}', { a: 1, b: [{ c: 2, d: 3 }] }, { a: [1] }],
  JSON.parse('{"__proto__":1}') as Json,
];

type Rename = (value: Json) => Json;

/** Gives each value another one, always the same but for the order of its fields, which is none. */
function renaming(rng: Rng): Rename {
  const names = rng.shuffle(oddities);
  const given = new Map<Json, Json>();
  return (value) => {
    if (value === null) return null;
    const name = given.get(value) ?? names[given.size] ?? `value ${given.size}`;
    given.set(value, name);
    return rng.float() < 0.5 ? name : withFieldsTurned(name);
  };
}

function withFieldsTurned(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(withFieldsTurned);
  const turned = Object.entries(value as JsonObject).reverse();
  return Object.fromEntries(turned.map(([name, each]) => [name, withFieldsTurned(each ?? null)]));
}

function inLists(value: Json, rename: Rename): Json {
  if (!Array.isArray(value)) return rename(value);
  return (value as readonly Json[]).map((each) => inLists(each, rename));
}

type Rewrite = (event: OpEvent, rename: Rename, renameKey: Rename) => Json;

const plain: Rewrite = ({ value }, rename) => inLists(value, rename);

/** `contains` answers with the element and whether it is there. */
const ofSets: Rewrite = ({ op, phase, value }, rename) => {
  if (op !== 'contains' || phase !== 'ok') return inLists(value, rename);
  const [element = null, present = null] = value as readonly Json[];
  return [rename(element), present];
};

const ofTransactions: Rewrite = ({ value }, rename, renameKey) =>
  (value as readonly (readonly Json[])[]).map(([kind = null, key = null, its = null]) => [
    kind,
    renameKey(key),
    inLists(its, rename),
  ]);

function renamed(events: readonly OpEvent[], rewrite: Rewrite, seed: number): OpEvent[] {
  const [rename, renameKey] = [renaming(rngOf(seed, 'values')), renaming(rngOf(seed, 'keys'))];
  return events.map((event) => ({ ...event, value: rewrite(event, rename, renameKey) }));
}

const rewriteOf: Readonly<Record<string, Rewrite>> = {
  register: plain,
  'cas-register': plain,
  set: ofSets,
  'whole-set': ofSets,
  'fifo-queue': plain,
  'unordered-queue': plain,
  stack: plain,
  'append-list': plain,
  'multi-register': ofTransactions,
};

async function verdictOf(
  name: string,
  events: readonly OpEvent[],
  options: CheckerOptions,
): Promise<Validity> {
  const verdict = await checkers[name]!.create(options).check(historyOf(events));
  return verdict.valid;
}

const seeds = Array.from({ length: 60 }, (_, seed) => seed);

describe('a verdict does not depend on what values and keys are called', () => {
  it.each(Object.entries(rewriteOf))('with the model %s', async (model, rewrite) => {
    for (const seed of seeds) {
      const events = historyOfSeed(model, seed);
      const others = renamed(events, rewrite, seed);
      for (const name of ['linearizable', 'sequential']) {
        const [valid, other] = [
          await verdictOf(name, events, { model }),
          await verdictOf(name, others, { model }),
        ];
        expect(other, `seed ${seed}, ${name}\n${describeEvents(others)}`).toBe(valid);
      }
    }
  });

  it.each([
    ['list-append', 'append', ['strict-serializable', 'snapshot-isolation', 'read-committed']],
    ['rw-register', 'w', ['strict-serializable', 'snapshot-isolation', 'read-committed']],
    ['isolation', 'w', ['causal', 'read-committed']],
  ] as const)('with transactions, by %s', async (name, writes, levels) => {
    const shape = { transactions: 6, clients: 3, keys: 2, steps: 3, crashes: 0.1, failures: 0.1 };
    for (const seed of seeds) {
      const store = stores[seed % stores.length]!;
      const events = randomTransactions({ ...shape, seed, store, mutations: seed % 2, writes });
      const others = renamed(events, ofTransactions, seed);
      for (const consistency of levels) {
        const [valid, other] = [
          await verdictOf(name, events, { consistency }),
          await verdictOf(name, others, { consistency }),
        ];
        expect(other, `seed ${seed}, ${consistency}\n${describeEvents(others)}`).toBe(valid);
      }
    }
  });
});

describe('the keys 1 and "1" are two objects', () => {
  const models = Object.keys(rewriteOf).filter((model) => model !== 'multi-register');

  it.each(models)('of the model %s', async (model) => {
    for (const seed of seeds) {
      const [one, other] = [historyOfSeed(model, seed), historyOfSeed(model, seed + 1000)];
      const both = [
        ...one.map((event) => ({ ...event, key: 1 })),
        ...other.map((event) => ({ ...event, key: '1', process: event.process + 100 })),
      ];
      const mixed = rngOf(seed, 'order')
        .shuffle(both.map(({ key }) => key))
        .map(
          (next) =>
            both.splice(
              both.findIndex(({ key }) => key === next),
              1,
            )[0]!,
        )
        .map((event, index) => ({ ...event, index, timeNs: index }));
      const apart = await Promise.all(
        [one, other].map((events) => verdictOf('linearizable', events, { model })),
      );
      const expected = apart.includes('invalid') ? 'invalid' : 'valid';
      expect(await verdictOf('linearizable', mixed, { model }), `seed ${seed}`).toBe(expected);
    }
  });
});

it('an element null of a queue or a stack leaves the verdict open, for its answers mean something else', async () => {
  const events = (insert: string, remove: string): OpEvent[] => [
    { index: 0, timeNs: 0, process: 0, phase: 'invoke', op: insert, value: null },
    { index: 1, timeNs: 1, process: 0, phase: 'ok', op: insert, value: null },
    { index: 2, timeNs: 2, process: 0, phase: 'invoke', op: remove, value: null },
    { index: 3, timeNs: 3, process: 0, phase: 'ok', op: remove, value: null },
  ];
  const queue = events('enqueue', 'dequeue');
  for (const model of ['fifo-queue', 'unordered-queue', 'priority-queue']) {
    expect(await verdictOf('linearizable', queue, { model })).toBe('unknown');
  }
  expect(await verdictOf('linearizable', events('push', 'pop'), { model: 'stack' })).toBe(
    'unknown',
  );
  for (const name of ['total-queue', 'unordered-queue']) {
    expect(await verdictOf(name, queue, {})).toBe('unknown');
  }
});
