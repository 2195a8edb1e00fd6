import { expect, it } from 'vitest';
import { historyOf } from '../core/history.ts';
import { stats } from './stats.ts';
import { brief } from './testing/brief.ts';

const check = async (text: string) => stats.check(historyOf(brief(text)));

it('counts outcomes by kind, open operations as unknown', async () => {
  const verdict = await check(`
    0 invoke write 1
    0 ok write 1
    0 invoke write 2
    0 info write 2
    1 invoke write 3
    2 invoke read
    2 fail read
    2 invoke read
    2 ok read 1
  `);
  expect(verdict.valid).toBe('valid');
  expect(verdict.details).toEqual({
    operations: { write: { ok: 1, fail: 0, info: 2 }, read: { ok: 1, fail: 1, info: 0 } },
  });
});

it('knows nothing of a kind of operation that never succeeded', async () => {
  const verdict = await check(`
    0 invoke write 1
    0 ok write 1
    1 invoke cas [1,2]
    1 fail cas [1,2]
  `);
  expect(verdict.valid).toBe('unknown');
  expect(verdict.summary).toBe('no cas ever succeeded, so nothing is known about it');
});

it('knows nothing when there were no operations', async () => {
  expect((await check('')).valid).toBe('unknown');
});

it('says the same of a history that is still being written, faults and lost answers left out', async () => {
  const events = brief(`
    0 ok read 1
    0 invoke write 1
    1 invoke read
    1 invoke read
    0 ok write 1
    1 ok read 1
    2 invoke cas [1,2]
  `);
  const stream = stats.stream?.();
  for (const event of events) expect(stream?.next(event)).toBeNull();
  const verdict = stream?.end();
  expect(verdict).toEqual(await stats.check(historyOf(events)));
  expect(verdict?.details).toEqual({
    operations: {
      write: { ok: 1, fail: 0, info: 0 },
      read: { ok: 1, fail: 0, info: 1 },
      cas: { ok: 0, fail: 0, info: 1 },
    },
  });
});
