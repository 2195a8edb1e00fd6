import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LinearizabilityFailure } from '../core/evidence.ts';
import type { OpEvent } from '../core/event.ts';
import { historyOf } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import { isLinearizable } from './linearizability/brute-force.ts';
import { modelNamed } from './models/index.ts';
import { isSequential } from './sequential/interleavings.ts';
import { sequential } from './sequential.ts';
import { anyHistory } from './testing/any-history.ts';
import { questionsFor } from './testing/questions.ts';
import { randomHistory } from './testing/random-history.ts';

const check = (events: readonly OpEvent[], model = 'register', context = {}) =>
  sequential(modelNamed(model)).check(historyOf(events), context);

const did = (process: number, op: string, value: Json, key?: string) =>
  [
    { process, phase: 'invoke' as const, op, value: op === 'read' ? null : value },
    { process, phase: 'ok' as const, op, value },
  ].map((event) => (key === undefined ? event : { ...event, key }));

const inOrder = (...all: readonly Omit<OpEvent, 'index' | 'timeNs'>[][]): OpEvent[] =>
  all.flat().map((event, index) => ({ ...event, index, timeNs: index }));

describe('one register', () => {
  it.each([
    ['a stale read', [did(0, 'write', 1), did(0, 'write', 2), did(1, 'read', 1)], 'valid'],
    ['a read from the future', [did(1, 'read', 1), did(0, 'write', 1)], 'valid'],
    [
      'a process that goes back',
      [did(0, 'write', 1), did(0, 'write', 2), did(1, 'read', 2), did(1, 'read', 1)],
      'invalid',
    ],
    [
      'two that see the writes in opposite orders',
      [
        did(0, 'write', 1),
        did(1, 'write', 2),
        did(2, 'read', 1),
        did(2, 'read', 2),
        did(3, 'read', 2),
        did(3, 'read', 1),
      ],
      'invalid',
    ],
    ['a value that nobody wrote', [did(0, 'write', 1), did(1, 'read', 7)], 'invalid'],
    ['its own older value', [did(0, 'write', 1), did(0, 'write', 2), did(0, 'read', 1)], 'invalid'],
    ['nothing', [], 'valid'],
  ])('judges %s', async (_name, all, expected) => {
    expect((await check(inOrder(...all))).valid).toBe(expected);
  });

  it('lets a crashed write happen late or never, but not before what its process did', async () => {
    const crashed = (value: number) => [
      { process: 0, phase: 'invoke' as const, op: 'write', value },
      { process: 0, phase: 'info' as const, op: 'write', value },
    ];
    const late = inOrder(did(0, 'write', 1), crashed(2), did(1, 'read', 1), did(1, 'read', 2));
    expect((await check(late)).valid).toBe('valid');
    const early = inOrder(did(0, 'write', 1), crashed(2), did(1, 'read', 2), did(1, 'read', 1));
    expect((await check(early)).valid).toBe('invalid');
  });
});

/** Each queue has an order; together they have none (Herlihy and Wing 1990, section 3.3). */
const twoQueues = inOrder(
  did(0, 'enqueue', 'x', 'p'),
  did(1, 'enqueue', 'y', 'q'),
  did(0, 'enqueue', 'x', 'q'),
  did(1, 'enqueue', 'y', 'p'),
  did(0, 'dequeue', 'y', 'p'),
  did(1, 'dequeue', 'x', 'q'),
);

it('judges all keys together, because sequential consistency is not local', async () => {
  for (const key of ['p', 'q']) {
    const own = twoQueues.filter((event) => event.key === key);
    expect((await check(own, 'fifo-queue')).valid).toBe('valid');
  }
  expect((await check(twoQueues, 'fifo-queue')).valid).toBe('invalid');
});

it('shows the least that has no order, the longest order and who is stuck', async () => {
  const noise = Array.from({ length: 10 }, (_, at) => did(at % 3, 'write', at + 10, `k${at}`));
  const bad = [did(5, 'write', 1, 'x'), did(5, 'write', 2, 'x'), did(6, 'read', 2, 'x')];
  const verdict = await check(inOrder(...noise, ...bad, did(6, 'read', 1, 'x')));
  expect(verdict.summary).toContain('process 6 cannot go on to read → 1');
  const [failure] = verdict.details?.failures as unknown as LinearizabilityFailure[];
  expect(failure).toMatchObject({ key: 'x', omitted: 0 });
  expect(failure?.operations.map(({ label }) => label)).toEqual([
    'write 1',
    'write 2',
    'read → 2',
    'read → 1',
  ]);
  expect(failure?.linearization.length).toBe(3);
  expect(failure?.stuck).toEqual([3]);
});

it('gives up within its budget, and says how far it came', async () => {
  const verdict = await check(twoQueues, 'fifo-queue', { maxSteps: 4 });
  expect(verdict.valid).toBe('unknown');
  expect(verdict.summary).toMatch(/4 steps .* the longest order has \d of 6 operations/);
});

it('says unknown of operations that the model does not know', async () => {
  expect((await check(inOrder(did(0, 'fly', 1)))).valid).toBe('unknown');
});

it('settles a long healthy history by its linearizability', async () => {
  const events = inOrder(...Array.from({ length: 5000 }, (_, at) => did(at % 7, 'write', at)));
  const verdict = await check(events);
  expect(verdict).toMatchObject({ valid: 'valid', details: { steps: 0 } });
});

it('follows a long history with stale reads through without a wrong turn', async () => {
  const events = inOrder(
    ...Array.from({ length: 2000 }, (_, at) => [
      ...did(0, 'write', at + 1),
      ...did(1, 'read', Math.max(1, at - 5)),
    ]),
  );
  const verdict = await check(events);
  expect(verdict.valid).toBe('valid');
  expect(verdict.details?.steps).toBeLessThan(10_000);
});

describe('against every interleaving', () => {
  const register = fc
    .record({ reading: fc.boolean(), key: fc.constantFrom('a', 'b'), value: fc.nat(2) })
    .map(({ reading, key, value }) =>
      reading
        ? { op: 'read', key, value: null, answer: value === 0 ? null : value }
        : { op: 'write', key, value, answer: value },
    );

  it('agrees on two registers, and calls everything linearizable sequential', async () => {
    const seen = { valid: 0, invalid: 0, beyond: 0 };
    const model = modelNamed('register');
    await fc.assert(
      fc.asyncProperty(anyHistory(register, 16), async (events) => {
        const history = historyOf(events);
        const { valid } = await check(events);
        const expected = isSequential(history, model);
        expect(valid).toBe(expected ? 'valid' : 'invalid');
        const linear = isLinearizable(history, model);
        if (linear) expect(valid).toBe('valid');
        seen[expected ? 'valid' : 'invalid']++;
        if (expected && !linear) seen.beyond++;
      }),
      { numRuns: 3000 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(15);
  });

  it.each(Object.keys(questionsFor))('agrees on spoilt histories of %s', async (name) => {
    const model = modelNamed(name);
    const questions = questionsFor[name];
    const shape = fc.record({
      seed: fc.nat(),
      operations: fc.integer({ min: 1, max: 7 }),
      clients: fc.integer({ min: 1, max: 3 }),
      crashes: fc.constantFrom(0, 0.2),
      mutations: fc.nat(3),
      values: fc.constantFrom(0, 2),
    });
    await fc.assert(
      fc.asyncProperty(shape, async (drawn) => {
        const events = questions === undefined ? [] : randomHistory(model, questions, drawn);
        const { valid } = await check(events, name);
        // Spoilt results may be such that a model refuses them.
        if (valid === 'unknown') expect(() => isSequential(historyOf(events), model)).toThrow();
        else expect(valid).toBe(isSequential(historyOf(events), model) ? 'valid' : 'invalid');
      }),
      { numRuns: 300 },
    );
  });
});
