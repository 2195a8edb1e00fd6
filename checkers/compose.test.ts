import { describe, expect, it } from 'vitest';
import type { Checker } from '../core/checker.ts';
import { historyOf } from '../core/history.ts';
import type { Validity, Verdict } from '../core/verdict.ts';
import { compose } from './compose.ts';

const saying = (valid: Validity): Checker => ({
  name: 'fixed',
  summary: 'says what it was made to say',
  check: () => ({ checker: 'fixed', valid, summary: `it is ${valid}` }),
});

const throwing: Checker = {
  name: 'throwing',
  summary: 'throws',
  check: () => {
    throw new Error('out of luck');
  },
};

const empty = historyOf([]);

describe('compose', () => {
  it.each([
    [['valid', 'valid'], 'valid'],
    [['valid', 'unknown'], 'unknown'],
    [['unknown', 'invalid', 'valid'], 'invalid'],
    [[], 'valid'],
  ] as const)('merges %j into %s', async (validities, merged) => {
    const parts = validities.map((valid, at) => [String(at), saying(valid)] as const);
    const verdict = await compose(Object.fromEntries(parts)).check(empty);
    expect(verdict.valid).toBe(merged);
    expect(verdict.parts?.map(({ valid }) => valid)).toEqual(validities);
  });

  it('lets the worst parts speak and names each as it was named here', async () => {
    const verdict = await compose({ reads: saying('valid'), locks: saying('invalid') }).check(
      empty,
    );
    expect(verdict.summary).toBe('locks: it is invalid');
    expect(verdict.parts?.map(({ checker }) => checker)).toEqual(['reads', 'locks']);
  });

  it('takes a checker that throws as one that knows nothing', async () => {
    const verdict = await compose({ broken: throwing, fine: saying('valid') }).check(empty);
    expect(verdict.valid).toBe('unknown');
    expect(verdict.summary).toBe('broken: the checker itself failed: out of luck');
  });

  it('reports progress over all its checkers', async () => {
    const shares: number[] = [];
    const halfway: Checker = {
      ...saying('valid'),
      check(_history, context) {
        context?.onProgress?.(0.5);
        return { checker: 'halfway', valid: 'valid', summary: '' };
      },
    };
    const both = compose({ one: halfway, two: halfway });
    await both.check(empty, { onProgress: (share) => shares.push(share) });
    expect(shares).toEqual([0.25, 0.75]);
  });

  it('judges while the history grows if all its checkers can, and stops at the first violation', () => {
    const after = (count: number, checker: Checker): Checker => ({
      ...checker,
      stream() {
        let left = count;
        const verdict = checker.check(empty) as Verdict;
        return {
          next: () => (--left < 0 && verdict.valid === 'invalid' ? verdict : null),
          end: () => verdict,
        };
      },
    });
    const event = {
      index: 0,
      timeNs: 0,
      process: 0,
      phase: 'invoke',
      op: 'read',
      value: null,
    } as const;
    const stream = compose({
      fine: after(0, saying('valid')),
      broken: after(1, saying('invalid')),
    }).stream?.();
    expect(stream?.next(event)).toBeNull();
    expect(stream?.next(event)).toMatchObject({
      valid: 'invalid',
      summary: 'broken: it is invalid',
    });
    expect(stream?.end().parts?.map(({ valid }) => valid)).toEqual(['valid', 'invalid']);
    expect('stream' in compose({ fine: after(0, saying('valid')), whole: saying('valid') })).toBe(
      false,
    );
  });
});
