import { expect, it } from 'vitest';
import { rngOf } from '../core/rng.ts';
import type { PlannedOperation } from '../core/run.ts';
import { recorded } from './recorded.ts';

const operation = (value: number, worker: number, atNs: number): PlannedOperation => ({
  ...{ worker, atNs, op: 'write', key: 1, value },
});

it('each worker repeats its own operations, none before its time', () => {
  const operations = [operation(0, 2, 100), operation(1, 3, 200), operation(2, 2, 300)];
  let generator = recorded(operations, 10);
  const ask = (timeNs: number, worker: number): unknown => {
    const next = generator.next({ timeNs, free: [worker], workers: 10, rng: rngOf(1) });
    if (next.kind !== 'done') generator = next.then;
    if (next.kind === 'op') return next.draw.op.value;
    if (next.kind === 'done') return 'done';
    return next.untilNs === undefined ? undefined : Math.ceil(next.untilNs);
  };
  expect(ask(50, 2)).toBe(100);
  // Worker 2 is late by now, which is nothing for worker 3 to wait for.
  expect(ask(150, 3)).toBe(200);
  expect(ask(150, 2)).toBe(0);
  expect(ask(250, 2)).toBe(300);
  expect(ask(250, 3)).toBe(1);
  expect(ask(299, 3)).toBeUndefined();
  expect(ask(299, 2)).toBe(300);
  expect(ask(300, 2)).toBe(2);
  expect(ask(300, 2)).toBe('done');
});
