import { describe, expect, it } from 'vitest';
import { historyOf } from '../../../core/history.ts';
import { rngOf } from '../../../core/rng.ts';
import { modelNamed } from '../../models/index.ts';
import { brief } from '../../testing/brief.ts';
import { mutations } from '../../testing/mutations.ts';
import { questionsFor } from '../../testing/questions.ts';
import { randomHistory } from '../../testing/random-history.ts';
import { operationsFrom } from '../operations.ts';
import { partsOf } from '../part.ts';
import { createSearch } from '../search/search.ts';
import { createUniqueAppends } from './unique-appends.ts';

function answer(name: string, text: string): 'valid' | 'invalid' | 'does not apply' {
  const model = modelNamed(name);
  const [part] = partsOf(historyOf(brief(text)), model);
  const decider = createUniqueAppends(model, part?.operations ?? operationsFrom([]));
  return decider?.run(Infinity) ?? 'does not apply';
}

/** Operations one after the other. */
const inTurn = (...lines: readonly string[]): string =>
  lines
    .map((line) => {
      const [op = '', value = 'null'] = line.split(' ');
      return `0 invoke ${op} ${op === 'get' || op === 'read' ? 'null' : value}\n0 ok ${op} ${value}`;
    })
    .join('\n');

describe('createUniqueAppends', () => {
  it.each<[string, string, string]>([
    ['kv', inTurn('get', 'append "a"', 'put "b"', 'append "c"', 'get "bc"'), 'valid'],
    ['kv', inTurn('append "a"', 'append "b"', 'get "ba"'), 'invalid'],
    ['kv', inTurn('append "a"', 'append "b"', 'get "ab"', 'get "a"'), 'invalid'],
    ['kv', inTurn('append "a"', 'get "ab"'), 'invalid'],
    ['kv', inTurn('append "a"', 'get "aa"'), 'invalid'],
    ['kv', inTurn('put "a"', 'append "b"', 'get "a"'), 'invalid'],
    ['kv-string', inTurn('get ""', 'append "a"', 'get "a"'), 'valid'],
    ['append-list', inTurn('append 1', 'append 2', 'read [1,2]'), 'valid'],
    ['append-list', inTurn('append 1', 'append 2', 'read [2]'), 'invalid'],
    ['append-list', inTurn('append 1', 'append 2', 'read [1,"2"]'), 'invalid'],
  ])('decides %s: %s', (name, text, wanted) => {
    expect(answer(name, text)).toBe(wanted);
  });

  it('tells a put of the same text as an append apart where the append came too late to be first', () => {
    expect(answer('kv', inTurn('put "a"', 'append "a"', 'get "aa"'))).toBe('valid');
    expect(answer('kv', inTurn('append "a"', 'put "a"', 'get "aa"'))).toBe('does not apply');
  });

  it('tells appends of the same piece apart by when they happened', () => {
    const twice = inTurn('append "a"', 'get "a"', 'put "b"', 'append "a"', 'get "ba"');
    expect(answer('kv', twice)).toBe('valid');
    const atOnce = '0 invoke append 1\n1 invoke append 1\n0 ok append 1\n1 ok append 1\n';
    expect(answer('append-list', `${atOnce}2 invoke read\n2 ok read [1,1]`)).toBe('does not apply');
  });

  it('leaves alone what can be cut in several ways, deleted or compared', () => {
    expect(answer('kv', inTurn('append "a"', 'append "ab"', 'get "aab"'))).toBe('does not apply');
    expect(answer('kv', inTurn('append "a"', 'delete', 'get'))).toBe('does not apply');
    expect(answer('kv', inTurn('put 5', 'get 5'))).toBe('does not apply');
    expect(
      createUniqueAppends(modelNamed('append-list', { init: [1] }), operationsFrom([])),
    ).not.toBeNull();
    const started = modelNamed('append-list', { init: [1] });
    const [part] = partsOf(historyOf(brief(inTurn('append 2', 'read [1,2]'))), started);
    expect(createUniqueAppends(started, part!.operations)).toBeNull();
  });

  it.each(['kv', 'append-list'])('agrees with the general search on longer ones of %s', (name) => {
    const model = modelNamed(name);
    const seen = { valid: 0, invalid: 0 };
    for (let seed = 0; seed < 600; seed++) {
      const rng = rngOf(seed, 'appends');
      const shape = { seed, clients: rng.int(2, 4), crashes: rng.pick([0, 0.1]), values: 0 };
      const asked = questionsFor[name]!;
      // What a monitor cannot judge would be in nearly every history as long as these.
      const plain: typeof asked = (draw, source) => {
        for (;;) {
          const question = asked(draw, source);
          const isPiece = typeof question.value !== 'string' || question.value.endsWith(',');
          if (!['delete', 'cas'].includes(question.op) && isPiece && question.value !== '') {
            return question;
          }
        }
      };
      const events = randomHistory(model, plain, { ...shape, operations: 25, mutations: 0 });
      const changed = rng.pick(mutations).apply(events, rng, model)?.events ?? events;
      const history = historyOf(changed.map((event, index) => ({ ...event, index })));
      const [part] = partsOf(history, model);
      const monitor = createUniqueAppends(model, part?.operations ?? operationsFrom([]));
      if (part === undefined || monitor === null) continue;
      const verdict = monitor.run(Infinity);
      expect([seed, verdict]).toEqual([seed, createSearch(model, part.operations).run(Infinity)]);
      if (verdict !== null) seen[verdict]++;
    }
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(50);
  });
});
