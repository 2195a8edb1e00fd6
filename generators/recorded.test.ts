import { expect, it } from 'vitest';
import type { OpEvent } from '../core/event.ts';
import { rngOf } from '../core/rng.ts';
import { recorded } from './recorded.ts';

const invocation = (index: number, process: number, timeNs: number): OpEvent => ({
  index,
  timeNs,
  process,
  phase: 'invoke',
  op: 'write',
  key: 1,
  value: index,
});

it('each worker repeats its own operations, none before its time', () => {
  // Process 12 is worker 2 of ten, after its first process retired.
  const events = [invocation(0, 2, 100), invocation(1, 3, 200), invocation(2, 12, 300)];
  let generator = recorded(events, 10);
  const ask = (timeNs: number, worker: number): unknown => {
    const next = generator.next({ timeNs, free: [worker], workers: 10, rng: rngOf(1) });
    if (next.kind !== 'done') generator = next.then;
    if (next.kind === 'op') return next.draw.op.value;
    return next.kind === 'pending' ? next.untilNs : 'done';
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
