import { describe, expect, it } from 'vitest';
import type { Op, OpEvent } from '../core/event.ts';
import type { OpGenerator } from '../core/generator.ts';
import { historyOf } from '../core/history.ts';
import { rngOf } from '../core/rng.ts';
import type { WorkloadOptions } from '../core/workload.ts';
import { workloads } from './index.ts';

const options: WorkloadOptions = { keys: 3, opsPerKey: 20, readRatio: 0.4, concurrency: 4 };

/** The first operations, each completed at once as a store that holds nothing would. */
function proposed(generator: OpGenerator, count: number, seed: number): Op[] {
  const rng = rngOf(seed);
  const ops: Op[] = [];
  let current = generator;
  while (ops.length < count) {
    const worker = ops.length % options.concurrency;
    const next = current.next({ timeNs: ops.length, free: [worker], workers: 4, rng });
    if (next.kind !== 'op') break;
    ops.push(next.draw.op);
    current = next.then.update(event(ops.length, 'ok', next.draw.op));
  }
  return ops;
}

function event(index: number, phase: OpEvent['phase'], op: Op): OpEvent {
  return { index, timeNs: index, process: 0, phase, ...op };
}

describe.each(Object.values(workloads))('the workload $name', (workload) => {
  it('proposes the same operations for the same seed, and others for another', () => {
    const ops = (seed: number): Op[] => proposed(workload.generator(options), 500, seed);
    expect(ops(1)).toEqual(ops(1));
    expect(ops(1)).not.toEqual(ops(2));
  });

  it('proposes every operation that it says it needs, and no other', () => {
    const names = new Set(proposed(workload.generator(options), 500, 1).map(({ op }) => op));
    expect([...names].sort()).toEqual([...workload.operations].sort());
  });

  it('has final operations that come to an end', () => {
    const events = proposed(workload.generator(options), 100, 1).map((op, at) =>
      event(at, 'ok', op),
    );
    const final = workload.finalGenerator(options, historyOf(events));
    expect(proposed(final, 10_000, 1).length).toBeLessThan(10_000);
  });

  it('accepts the empty history', async () => {
    const verdict = await workload.checker(options).check(historyOf([]));
    expect(verdict.valid).not.toBe('invalid');
  });
});

describe('registers', () => {
  const ops = proposed(workloads.register!.generator(options), 2000, 7);
  const written = ops.flatMap(({ op, value }) => {
    if (op === 'write') return [value];
    return op === 'cas' ? [(value as readonly number[])[1]] : [];
  });

  it('are never written the same value twice', () => {
    expect(new Set(written).size).toBe(written.length);
  });

  it('retire after so many operations, and as many are in use as were asked for', () => {
    const counts = new Map<unknown, number>();
    for (const { key } of ops) counts.set(key, (counts.get(key) ?? 0) + 1);
    expect(Math.max(...counts.values())).toBe(options.opsPerKey);
    const busy = [...counts.values()].filter((count) => count < options.opsPerKey);
    expect(busy.length).toBeLessThanOrEqual(options.keys);
  });

  it('are swapped from what was last seen in them', () => {
    const cas = ops
      .filter(({ op }) => op === 'cas')
      .map(({ value }) => value as readonly unknown[]);
    const fromSeen = cas.filter(([from]) => from !== null && written.includes(from as number));
    expect(fromSeen.length).toBeGreaterThan(cas.length / 2);
  });

  it('are read by every worker at the end, and once by one where they retired', () => {
    const events = ops.map((op, at) => event(at, 'ok', op));
    const final = workloads.register!.finalGenerator(options, historyOf(events));
    const reads = proposed(final, 1000, 1);
    const keys = new Set(ops.map(({ key }) => key));
    const retired = keys.size - options.keys;
    expect(reads).toHaveLength(options.keys * options.concurrency + retired);
    expect(new Set(reads.map(({ key }) => key))).toEqual(keys);
    expect(new Set(reads.map(({ op }) => op))).toEqual(new Set(['read']));
  });

  it('convict a stale read', async () => {
    const write = (value: number): Op => ({ op: 'write', key: 0, value });
    const stale = [write(1), write(2), { op: 'read', key: 0, value: 1 }].flatMap((op, at) => [
      event(2 * at, 'invoke', op.op === 'read' ? { ...op, value: null } : op),
      event(2 * at + 1, 'ok', op),
    ]);
    const verdict = await workloads.register!.checker(options).check(historyOf(stale));
    expect(verdict.valid).toBe('invalid');
  });
});
