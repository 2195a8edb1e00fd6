import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckContext } from '../../../core/checker.ts';
import type { HistoryEvent, OpEvent } from '../../../core/event.ts';
import { historyOf } from '../../../core/history.ts';
import { modelNamed, models } from '../../models/index.ts';
import { brief } from '../../testing/brief.ts';
import { questionsFor } from '../../testing/questions.ts';
import { type HistoryShape, randomHistory } from '../../testing/random-history.ts';
import { isLinearizable } from '../brute-force.ts';
import type { LinearizabilityEvidence } from '../evidence.ts';
import { type FailedCas } from '../part.ts';
import { linearizable } from '../linearizable.ts';

interface How extends CheckContext {
  readonly failedCas?: FailedCas;
}

/** What the stream says at once, if anything, and in the end. */
function streamed(name: string, events: readonly HistoryEvent[], how: How = {}) {
  const { failedCas = 'drop', ...context } = how;
  const stream = linearizable(modelNamed(name), { failedCas }).stream?.(context);
  if (stream === undefined) throw new Error('expected linearizable to stream');
  let convictedAt: number | null = null;
  for (const event of events) {
    if (stream.next(event) !== null) convictedAt ??= event.index;
  }
  const verdict = stream.end();
  return { verdict, convictedAt, evidence: verdict.details as unknown as LinearizabilityEvidence };
}

const shapes = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  operations: fc.integer({ min: 0, max: 8 }),
  clients: fc.integer({ min: 1, max: 5 }),
  crashes: fc.constantFrom(0, 0.1, 0.4),
  mutations: fc.integer({ min: 0, max: 3 }),
  values: fc.integer({ min: 0, max: 3 }),
});

describe.each(Object.keys(models).filter((name) => name in questionsFor))(
  '%s, streamed',
  (name) => {
    it('gets the verdict of exhaustive search', () => {
      fc.assert(
        fc.property(
          shapes,
          fc.constantFrom('drop' as const, 'assert' as const),
          (shape, failedCas) => {
            const events = randomHistory(modelNamed(name), questionsFor[name]!, shape);
            const expected = isLinearizable(historyOf(events), modelNamed(name), failedCas);
            const { verdict } = streamed(name, events, { failedCas });
            expect(verdict.valid).toBe(expected ? 'valid' : 'invalid');
          },
        ),
        { numRuns: 400 },
      );
    });
  },
);

/** Random histories on keys of their own, taking turns; each has more values than a search keeps. */
function longEvents(seed: number, shape: Partial<HistoryShape>): OpEvent[] {
  const model = modelNamed('cas-register');
  const all = [0, 1, 2].map((key) =>
    randomHistory(model, questionsFor['cas-register']!, {
      seed: seed + key,
      operations: 700,
      clients: 4,
      crashes: 0.005,
      mutations: 0,
      values: 0,
      ...shape,
    }).map((event) => ({ ...event, key, process: event.process + 1000 * key })),
  );
  const longest = Math.max(...all.map(({ length }) => length));
  return Array.from({ length: longest }, (_, at) => all.map((events) => events[at]))
    .flat()
    .filter((event) => event !== undefined)
    .map((event, index) => ({ ...event, index }));
}

describe('a stream', () => {
  it('says what check says of long histories in which most values are forgotten', async () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 12; seed++) {
      const events = longEvents(seed * 10, { mutations: seed % 2, values: seed % 3 === 0 ? 3 : 0 });
      const { valid } = await linearizable(modelNamed('cas-register')).check(historyOf(events));
      expect(streamed('cas-register', events).verdict.valid).toBe(valid);
      seen.add(valid);
    }
    expect(seen).toEqual(new Set(['valid', 'invalid']));
  });

  it('convicts as soon as the results that a return needs are known', () => {
    const { convictedAt, evidence, verdict } = streamed(
      'register',
      brief(`
        0 invoke write 1
        0 ok write 1
        1 invoke write 2
        1 ok write 2
        3 invoke write 3
        2 invoke read
        2 ok read 1
        3 ok write 3
        4 invoke read
        4 ok read 3
      `),
    );
    expect(convictedAt).toBe(7);
    expect(verdict.summary).toBe(
      'not linearizable: process 2: read → 1, from event 5 to event 6; no order of the operations ' +
        'up to there explains it: before it returned, the state was 2',
    );
    const [failure] = evidence.failures;
    expect(failure?.operations.map(({ label }) => label)).toEqual(['write 3', 'read → 1']);
    expect(failure).toMatchObject({ stuck: [1], window: { fromNs: 5, toNs: 6 }, omitted: 2 });
  });

  it('keeps nothing but states of keys at which nothing is open', () => {
    const events = Array.from(
      { length: 3000 },
      (_, at) =>
        [
          {
            index: 4 * at,
            timeNs: 0,
            process: 0,
            phase: 'invoke',
            op: 'write',
            key: at % 1000,
            value: at,
          },
          {
            index: 4 * at + 1,
            timeNs: 0,
            process: 0,
            phase: 'ok',
            op: 'write',
            key: at % 1000,
            value: at,
          },
          {
            index: 4 * at + 2,
            timeNs: 0,
            process: 1,
            phase: 'invoke',
            op: 'read',
            key: at % 1000,
            value: null,
          },
          {
            index: 4 * at + 3,
            timeNs: 0,
            process: 1,
            phase: 'ok',
            op: 'read',
            key: at % 1000,
            value: at,
          },
        ] as OpEvent[],
    ).flat();
    expect(streamed('register', events).verdict.summary).toBe(
      'all 6,000 operations on 1,000 independent parts are linearizable as register',
    );
    const stale = events.with(-1, { ...events.at(-1)!, value: 1 });
    expect(streamed('register', stale).verdict.summary).toMatch(/key 999: .* the state was 2999$/);
  });

  it('takes an operation that others would have to wait for too long for crashed, and says so', () => {
    const waiting = brief('9 invoke write 7');
    const others = Array.from(
      { length: 110_000 },
      (_, at) =>
        [
          { index: 2 * at + 1, timeNs: 0, process: 0, phase: 'invoke', op: 'write', value: at },
          { index: 2 * at + 2, timeNs: 0, process: 0, phase: 'ok', op: 'write', value: at },
        ] as OpEvent[],
    ).flat();
    const events = [...waiting, ...others];
    const { verdict } = streamed('register', events);
    expect(verdict.valid).toBe('unknown');
    expect(verdict.summary).toContain('had to wait');
    const stale = brief('1 invoke read \n 1 ok read 3').map((event) => ({
      ...event,
      index: event.index + 300_000,
    }));
    expect(streamed('register', [...events, ...stale]).verdict.valid).toBe('invalid');
  });

  it('is unknown past its budget, and names the key', () => {
    const enqueues = Array.from({ length: 12 }, (_, at) => at);
    const events = brief(
      [
        ...enqueues.map((at) => `${at} invoke enqueue ${at}`),
        ...enqueues.map((at) => `${at} ok enqueue ${at}`),
        '0 invoke dequeue \n 0 ok dequeue 99',
      ].join('\n'),
    );
    const { verdict, evidence } = streamed('fifo-queue', events, { maxSteps: 1000 });
    expect(verdict.valid).toBe('unknown');
    expect(verdict.summary).toMatch(/^1000 steps and .* were not enough for the history$/);
    expect(evidence.unknownKeys).toEqual(['the whole history']);
  });

  it('is unknown about operations that the model does not know', () => {
    const { verdict } = streamed('register', brief('0 invoke enqueue 1 \n 0 ok enqueue 1'));
    expect(verdict.summary).toMatch(/^not checked: expected operations of the model register/);
  });
});
