import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LinearizabilityFailure } from '../../core/evidence.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { invalidRun, staleRead } from '../testing/invalid-run.ts';
import { clockOf } from './clock.ts';
import { evidenceOf } from './evidence.ts';
import { failureOf } from './failure.ts';
import { type Timeline, barHeight, layOut } from './layout.ts';
import { timeline } from './timeline.ts';

const failure = failureOf(staleRead)!;

describe('evidence', () => {
  it('is found in nested verdicts', () => {
    const [found] = evidenceOf(invalidRun({ ops: 10 }).results.verdict);
    expect(found).toMatchObject({ checker: 'linearizable', failures: [failure], unreadable: [] });
  });

  const broken: [string, JsonObject][] = [
    ['no operations', { ...staleRead, operations: [] }],
    ['an operation without a call', { ...staleRead, operations: [{ process: 1 }] }],
    ['a return before its call', withOperation({ callNs: 5e9, returnNs: 4e9 })],
    ['an unknown phase', withOperation({ phase: 'maybe' })],
    [
      'a step that is no operation',
      { ...staleRead, linearization: [{ operation: 99, state: '' }] },
    ],
    ['a fractional index', { ...staleRead, stuck: [0.5] }],
    ['a summary that is no text', { ...staleRead, summary: 3 }],
    ['no stuck list', { ...staleRead, stuck: null }],
  ];
  it.each(broken)('with %s is shown as it came, not drawn', (_, value) => {
    expect(failureOf(value)).toBeNull();
    const verdict = {
      checker: 'c',
      valid: 'invalid' as const,
      summary: 's',
      details: { failures: [value] },
    };
    expect(evidenceOf(verdict)).toEqual([
      { checker: 'c', failures: [], cycles: [], breaches: [], unreadable: [value] },
    ]);
  });

  it('of invariants is told moment by moment, and shown as it came where it is odd', () => {
    const breach = { invariant: 'one leader', node: 'n1', timeNs: 5e9, summary: 'two' };
    const { node: _, ...everywhere } = breach;
    const odd = { ...breach, timeNs: '5 s' };
    const details = { breaches: [breach, everywhere, odd] };
    const verdict = { checker: 'invariants', valid: 'invalid' as const, summary: 's', details };
    expect(evidenceOf(verdict)).toEqual([
      {
        ...{ checker: 'invariants', failures: [], cycles: [] },
        ...{ breaches: [breach, everywhere], unreadable: [odd] },
      },
    ]);
  });

  it('of any shape at all is read without throwing', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void failureOf(value as Json)));
  });

  it('of a history without times speaks of events', () => {
    const untimed = {
      ...failure,
      operations: failure.operations.map((each, at) => ({ ...each, callNs: at, returnNs: at + 9 })),
    };
    expect(clockOf(untimed.operations).at(7, 3)).toBe('event 7');
    expect(clockOf(failure.operations).at(7e9, 3)).toBe('7.000 s');
  });
});

function withOperation(change: JsonObject): JsonObject {
  const operations = staleRead.operations as readonly JsonObject[];
  return { ...staleRead, operations: [{ ...operations[0], ...change }, ...operations.slice(1)] };
}

/** Failures whose linearization is possible: operations take effect in order of a drawn moment. */
const failures: fc.Arbitrary<LinearizabilityFailure> = fc
  .array(
    fc.record({
      process: fc.integer({ min: 0, max: 5 }),
      callNs: fc.integer({ min: 0, max: 1e9 }),
      untilEffectNs: fc.integer({ min: 1, max: 1e8 }),
      untilReturnNs: fc.option(fc.integer({ min: 1, max: 1e8 })),
      isPlaced: fc.boolean(),
      label: fc.string({ unit: 'grapheme', maxLength: 60 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((drawn) => {
    const effect = (at: number): number => drawn[at]!.callNs + drawn[at]!.untilEffectNs;
    const placed = [...drawn.keys()].filter((at) => drawn[at]!.isPlaced);
    return {
      key: null,
      model: 'register',
      summary: '',
      window: { fromNs: 0, toNs: 2e9 },
      operations: drawn.map(({ process, callNs, untilReturnNs, label }, at) => ({
        ...failure.operations[0]!,
        process,
        callNs,
        returnNs: untilReturnNs === null ? null : effect(at) + untilReturnNs,
        label,
      })),
      linearization: placed
        .sort((a, b) => effect(a) - effect(b))
        .map((operation) => ({ operation, state: 's' })),
      stuck: [...drawn.keys()].filter(
        (at) => !drawn[at]!.isPlaced && drawn[at]!.untilReturnNs !== null,
      ),
      omitted: 0,
    };
  });

const end = (bar: Timeline['bars'][number]): number => bar.x + bar.width;

describe('the timeline of a failure', () => {
  it('keeps the order of calls and returns exactly', () => {
    fc.assert(
      fc.property(failures, (drawn) => {
        const { bars } = layOut(drawn);
        for (const a of bars) {
          for (const b of bars) {
            const [one, other] = [drawn.operations[a.operation]!, drawn.operations[b.operation]!];
            if (one.callNs < other.callNs) expect(a.x).toBeLessThan(b.x);
            if (one.returnNs === null) expect(end(a)).toBeGreaterThanOrEqual(end(b));
            else if (one.returnNs < other.callNs) expect(end(a)).toBeLessThan(b.x);
          }
        }
      }),
    );
  });

  it('draws each placed operation taking effect within its bar, from left to right', () => {
    fc.assert(
      fc.property(failures, (drawn) => {
        const placed = layOut(drawn)
          .bars.filter(({ step }) => step !== null)
          .sort((a, b) => a.step! - b.step!);
        placed.forEach((bar, at) => {
          expect(bar.pointX).toBeGreaterThan(bar.x);
          expect(bar.pointX).toBeLessThan(end(bar));
          expect(bar.pointX).toBeGreaterThanOrEqual((placed[at - 1]?.pointX ?? 0) - 3);
        });
      }),
    );
  });

  it('stays within its frame', () => {
    fc.assert(
      fc.property(failures, (drawn) => {
        const { bars, width, height } = layOut(drawn);
        for (const bar of bars) {
          expect(end(bar)).toBeLessThanOrEqual(width);
          expect(bar.y + barHeight).toBeLessThanOrEqual(height);
        }
      }),
    );
  });

  it('says of the operation that fits nowhere so, in words, and numbers the others', () => {
    const { picture } = timeline(failure, 'f');
    expect(picture.markup).toContain('cannot be placed');
    expect(picture.markup.match(/class="operation stuck ok"/gu)).toHaveLength(1);
    expect(
      [...picture.markup.matchAll(/class="number"[^>]*>([^<]+)</gu)].map(([, sign]) => sign),
    ).toEqual(['1', '2', '·', '4', '3', '6', '5', '✗', '·']);
  });

  it('draws the operations nearest to the stuck one when there are too many', () => {
    const many = Array.from({ length: 500 }, (_, at) => ({
      ...failure.operations[0]!,
      process: at,
      callNs: at * 1e6,
      returnNs: at * 1e6 + 5e5,
    }));
    const { bars, undrawn } = layOut({
      ...failure,
      operations: many,
      linearization: [],
      stuck: [490],
    });
    expect(bars).toHaveLength(120);
    expect(undrawn).toBe(380);
    expect(bars.at(-1)?.operation).toBe(499);
  });
});
