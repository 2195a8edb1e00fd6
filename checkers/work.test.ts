import { describe, expect, it } from 'vitest';
import type { CheckContext, Checker } from '../core/checker.ts';
import type { OpEvent } from '../core/event.ts';
import { historyOf } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import { isolation } from './transactions/isolation.ts';
import { listAppend } from './transactions/list-append.ts';
import { longFork } from './transactions/long-fork.ts';
import { rwRegister } from './transactions/rw-register.ts';

/** One client after another; enough for every checker to look at the clock. */
function transactions(valueOf: (at: number) => readonly [asked: Json, answer: Json]) {
  const events: OpEvent[] = [];
  for (let at = 0; at < 30_000; at++) {
    const [asked, answer] = valueOf(at);
    const common = { timeNs: at, process: at % 5, op: 'txn' };
    events.push({ ...common, index: 2 * at, phase: 'invoke', value: asked });
    events.push({ ...common, index: 2 * at + 1, phase: 'ok', value: answer });
  }
  return historyOf(events);
}

const registers = transactions((at) => {
  const write = ['w', 'x', at + 1];
  return [
    [['r', 'x', null], write],
    [['r', 'x', at === 0 ? null : at], write],
  ];
});

const lists = transactions((at) => {
  const append = ['append', `key ${Math.floor(at / 10)}`, at];
  const key = append[1] ?? '';
  const list = Array.from({ length: (at % 10) + 1 }, (_, each) => 10 * Math.floor(at / 10) + each);
  return [
    [append, ['r', key, null]],
    [append, ['r', key, list]],
  ];
});

const forks = transactions((at) => {
  const key = Math.floor(at / 2);
  if (at % 2 === 0) return [[['w', key, 1]], [['w', key, 1]]];
  return [[['r', key, null]], [['r', key, 1]]];
});

const all: readonly (readonly [Checker, ReturnType<typeof historyOf>])[] = [
  [listAppend(), lists],
  [rwRegister(), registers],
  [isolation(), registers],
  [longFork, forks],
];

describe.each(all.map(([checker, history]) => ({ name: checker.name, checker, history })))(
  'the checker $name',
  ({ name, checker, history }) => {
    const check = async (context: CheckContext) => checker.check(history, context);

    it('comes to a verdict where nothing limits it', async () => {
      expect(await check({})).toMatchObject({ checker: name, valid: 'valid' });
      expect(await check({ timeoutMs: 600_000, maxMemoryMb: 10_000 })).toMatchObject({
        valid: 'valid',
      });
    });

    it('is unknown when it is cancelled', async () => {
      expect(await check({ signal: AbortSignal.abort() })).toEqual({
        checker: name,
        valid: 'unknown',
        summary: 'the check was cancelled',
      });
    });

    it('is unknown when the time is over', async () => {
      expect(await check({ timeoutMs: 0 })).toEqual({
        checker: name,
        valid: 'unknown',
        summary: 'the time limit of 0 ms ran out, so another run may say more',
      });
    });

    it('is unknown when the memory is full', async () => {
      expect(await check({ maxMemoryMb: 1 })).toEqual({
        checker: name,
        valid: 'unknown',
        summary: '1 MB of memory were not enough',
      });
    });
  },
);
