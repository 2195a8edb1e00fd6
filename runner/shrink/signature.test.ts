import { expect, it } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import type { Verdict } from '../../core/verdict.ts';
import { signatureOf } from './signature.ts';

const verdict = (checker: string, summary: string, details: JsonObject = {}): Verdict => {
  const part: Verdict = { checker, valid: 'invalid', summary, details };
  return { checker: 'run', valid: 'invalid', summary, parts: [part] };
};
const failure = (op: string, summary: string): JsonObject => ({
  ...{ key: '1', model: 'cas-register', summary, window: { fromNs: 0, toNs: 1 } },
  ...{ operations: [{ op }], linearization: [], stuck: [0], omitted: 0 },
});

it('is the same for every violation of one model', () => {
  const one = failure('read', 'read → 1; but write 2 (process 1) was over by 1 s, before it began');
  const other = failure('cas', 'cas 1 → 2 cannot be placed');
  for (const each of [one, other]) {
    expect(signatureOf(verdict('linearizable', 'not linearizable', { failures: [each] }))).toBe(
      'linearizable cas-register',
    );
  }
});

it('tells invariants and anomalies apart', () => {
  const breach = { invariant: 'election safety', node: 'n1', timeNs: 5, summary: 'two leaders' };
  expect(signatureOf(verdict('invariants', 'two leaders', { breaches: [breach] }))).toBe(
    'invariants: election safety',
  );
  const cycle = verdict('list-append', 'not serializable, G1c: a cycle (G1c: 1)', {
    anomalies: { G1c: 1 },
  });
  expect(signatureOf(cycle)).toBe('list-append: G1c');
});

it('leaves out what stands in brackets', () => {
  const said = 'after 30 s there was no common leader';
  expect(signatureOf(verdict('liveness', `${said} (n1: leader, term 3)`))).toBe(
    signatureOf(verdict('liveness', `${said} (n2: no answer)`)),
  );
});

it('is null for what was not convicted', () => {
  expect(signatureOf({ checker: 'run', valid: 'unknown', summary: 'gave up' })).toBeNull();
});
