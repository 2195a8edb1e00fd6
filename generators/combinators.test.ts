import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Op } from '../core/event.ts';
import type { GeneratorContext, OpGenerator } from '../core/generator.ts';
import { rngOf } from '../core/rng.ts';
import { arrivals, endless, limit, mix, none, phases, sequence, timeLimit } from './combinators.ts';

const read = (key: number): Op => ({ op: 'read', key, value: null });

function contextAt(timeNs: number, seed = 1): GeneratorContext {
  return { timeNs, free: [0], workers: 1, rng: rngOf(seed) };
}

/** Takes up to `count` operations; with due times, when they are given. */
function drawn(generator: OpGenerator, count: number, context = contextAt(0)) {
  const found: { op: Op; dueNs?: number }[] = [];
  let current = generator;
  while (found.length < count) {
    const next = current.next(context);
    if (next.kind !== 'op') break;
    const { op, dueNs } = next.draw;
    found.push(dueNs === undefined ? { op } : { op, dueNs });
    current = next.then;
  }
  return found;
}

describe('combinators', () => {
  it('a limit lets exactly that many operations through', () => {
    fc.assert(
      fc.property(fc.nat(50), (count) => {
        const ops = drawn(
          limit(
            count,
            endless(() => read(1)),
          ),
          100,
        );
        expect(ops).toHaveLength(count);
      }),
    );
  });

  it('phases follow one another, each to its end', () => {
    const generator = phases(sequence([read(1), read(2)]), none, sequence([read(3)]));
    expect(drawn(generator, 10).map(({ op }) => op.key)).toEqual([1, 2, 3]);
  });

  it('a mix uses up every part', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat(5), { maxLength: 5 }), (seed, sizes) => {
        const parts = sizes.map((size, part) =>
          sequence(Array.from({ length: size }, () => read(part))),
        );
        const ops = drawn(mix(parts), 100, contextAt(0, seed));
        const counts = sizes.map((_, part) => ops.filter(({ op }) => op.key === part).length);
        expect(counts).toEqual(sizes);
      }),
    );
  });

  it('arrivals come at the rate, due times rising, whoever is busy', () => {
    const inner = endless(() => read(1));
    const generator = arrivals({ opsPerSecond: 1000, poisson: true, startNs: 0, inner });
    const context = contextAt(0, 7);
    const dues = drawn(generator, 5000, context).map(({ dueNs }) => dueNs ?? -1);
    expect(dues).toEqual([...dues].sort((a, b) => a - b));
    expect((dues.at(-1) ?? 0) / 1e9).toBeGreaterThan(4.7);
    expect((dues.at(-1) ?? 0) / 1e9).toBeLessThan(5.3);
  });

  it('a time limit ends what is due after it, and says until when to wait', () => {
    const inner = endless(() => read(1));
    const due = timeLimit(1e9, arrivals({ opsPerSecond: 10, poisson: false, startNs: 0, inner }));
    expect(drawn(due, 100)).toHaveLength(10);
    expect(timeLimit(1e9, inner).next(contextAt(1e9)).kind).toBe('done');
  });
});
