import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../core/json.ts';
import type { Verdict } from '../core/verdict.ts';
import { failureKindOf, reasonKindOf } from './failure-kind.ts';

const invalid = (checker: string, summary: string, details?: JsonObject): Verdict => ({
  ...{ checker, valid: 'invalid', summary },
  ...(details === undefined ? {} : { details }),
});

const whole = (...parts: readonly Verdict[]): Verdict => ({
  ...{ checker: 'run', valid: 'invalid', summary: 'worst of all', parts },
});

const fine: Verdict = { checker: 'vacuity', valid: 'valid', summary: 'faults that bit' };

interface Shown {
  readonly sentence: string;
  readonly op?: string;
  readonly toNs?: number;
}

const failure = ({ sentence, op = 'read', toNs = 5 }: Shown): JsonObject => ({
  ...{ key: '0', model: 'cas-register', summary: sentence, stuck: [0], omitted: 0 },
  ...{ operations: [{ op }], linearization: [], window: { fromNs: 1, toNs } },
});

const linearizable = (...shown: readonly Shown[]): Verdict =>
  invalid('linearizable', 'not linearizable', { failures: shown.map(failure) });

describe('failureKindOf', () => {
  const stale = (process: number, value: number, by: string): string =>
    `key ${value}: process ${process} on n4: read → ${value}, from 10.1 s to 10.2 s; ` +
    `but ${by} (process 13 on n4) was over by 10.1155 s, before it began, ` +
    'and nobody has written the older value since';

  it('calls stale reads one kind, whoever read what after whatever', () => {
    const kinds = [
      { sentence: stale(8, 169, 'write 190') },
      { sentence: stale(24, 7, 'read → 204') },
      { sentence: stale(1, -3, 'cas 4 → 9') },
    ].map((shown) => failureKindOf(whole(linearizable(shown), fine))?.signature);
    expect(new Set(kinds)).toEqual(
      new Set([
        'linearizable cas-register: read; another operation was over before it began, and nobody has written the older value since',
      ]),
    );
  });

  it('tells apart what was never written, and what no order explains', () => {
    const never =
      'process 1 on n1: read → 7, from 1 s to 2 s; but nobody had begun to write 7 before it returned';
    const knot =
      'process 1: cas 3 → 4, from 1 s to 2 s; no order of the operations up to there explains it: the longest one that fits ends with 9';
    const kindOf = (shown: Shown) => failureKindOf(linearizable(shown))?.signature;
    expect(kindOf({ sentence: never })).toBe(
      'linearizable cas-register: read; nobody had begun to write # before it returned',
    );
    expect(kindOf({ sentence: knot, op: 'cas' })).toBe(
      'linearizable cas-register: cas; no order of the operations explains it',
    );
  });

  it('takes the failure that came first, and says when', () => {
    const late = { sentence: 'x; but nobody had begun to write 7 before it returned', toNs: 900 };
    const early = { sentence: 'x', op: 'write', toNs: 30 };
    expect(failureKindOf(linearizable(late, early))).toEqual({
      checker: 'linearizable',
      signature: 'linearizable cas-register: write; no order of the operations explains it',
      summary: 'x',
      atNs: 30,
    });
  });

  it('names a broken invariant before the history that it ruined', () => {
    const breaches = [{ invariant: 'one-leader-a-term', node: 'n2', timeNs: 77, summary: 'two' }];
    const broken = invalid('invariants', 'one leader did not hold', { breaches });
    expect(failureKindOf(whole(broken, linearizable({ sentence: 'x' }), fine))).toEqual({
      checker: 'invariants',
      signature: 'invariants: one-leader-a-term',
      summary: 'one leader did not hold',
      atNs: 77,
    });
  });

  it('names the anomaly of transactions that convicts', () => {
    const cycles = [
      { anomaly: 'G0', transactions: [{ callNs: 1, returnNs: 2 }] },
      {
        anomaly: 'G1a',
        transactions: [
          { callNs: 3, returnNs: 90 },
          { callNs: 50, returnNs: null },
        ],
      },
    ] as unknown as readonly JsonObject[];
    const details = { cycles, anomalies: { G0: 1, G1a: 1 } };
    const summary = 'not read-committed, G1a: T1 read 7 that T2 had aborted (G0: 1, G1a: 1)';
    expect(failureKindOf(invalid('list-append', summary, details))).toEqual({
      ...{ checker: 'list-append', signature: 'list-append: G1a', summary, atNs: 90 },
    });
  });

  it('names the worst finding of a checker that counts', () => {
    const details = { lost: { count: 3, examples: [] }, stale: { count: 1, examples: [] } };
    const verdict = invalid(
      'set-full',
      'element 7, added by 3.2 s, … (lost: 3, stale: 1)',
      details,
    );
    expect(failureKindOf(verdict)?.signature).toBe('set-full: lost');
  });

  it('falls back on the sentence, without what differs between seeds', () => {
    const summaries = [
      'n3 said 17 of key "a" at 4.25 s [1, 2]',
      'n11 said 2,000 of key "b" at 1e-3 s []',
    ];
    const kinds = summaries.map((summary) => failureKindOf(invalid('convergence', summary)));
    expect(kinds.map((kind) => kind?.signature)).toEqual([
      'convergence: a node said # of key … at # s …',
      'convergence: a node said # of key … at # s …',
    ]);
  });

  it('says nothing of a verdict that does not convict', () => {
    expect(
      failureKindOf({ checker: 'run', valid: 'unknown', summary: 'gave up', parts: [fine] }),
    ).toBe(null);
  });
});

describe('reasonKindOf', () => {
  it('makes one of reasons that differ in figures alone', () => {
    const reason = (figure: number) => `no cas ever succeeded (${figure} failed, 3 unknown)`;
    expect(reasonKindOf(reason(12))).toBe(reasonKindOf(reason(4711)));
  });
});
