import { expect, it } from 'vitest';
import { tagOf } from '../journal/codes.ts';
import { decodeJournals } from '../journal/decoder.ts';
import { type JournalEncoder, journalEncoder } from '../journal/encoder.ts';
import type { Columns } from '../journal/columns.ts';
import { judgeColumns } from './judge-columns.ts';

function columnsOf(happens: (encoder: JournalEncoder) => void): Columns {
  const chunks: Uint8Array[] = [];
  let nowNs = 0;
  const header = { schema: 1, thread: 0, threads: 1, slots: 8 } as const;
  const encoder = journalEncoder(
    header,
    () => (nowNs += 10),
    (bytes) => chunks.push(bytes),
  );
  happens(encoder);
  encoder.flush();
  return decodeJournals([Buffer.concat(chunks)]);
}

const [read, write] = [tagOf('read'), tagOf('write')];
const by = (index: number, value = -1, key = 0) => ({ index, key, value, dueNs: -1 });

it('answers that fit are valid, and the verdict says how many there were', async () => {
  const columns = columnsOf((encoder) => {
    encoder.invoke(read, by(0));
    encoder.invoke(write, by(1, 5));
    encoder.ok(read, 0, -1);
    encoder.ok(write, 1, -1);
    encoder.invoke(read, by(0));
    encoder.ok(read, 0, 5);
  });
  expect(await judgeColumns(columns)).toEqual({
    valid: 'valid',
    reason: '3 operations on 1 keys are linearizable',
  });
});

it('a stale read convicts, with the key and the operation', async () => {
  const columns = columnsOf((encoder) => {
    for (const value of [1, 2]) {
      encoder.invoke(write, by(1, value, 7));
      encoder.ok(write, 1, -1);
    }
    encoder.invoke(read, by(0, -1, 7));
    encoder.ok(read, 0, 1);
  });
  const { valid, reason } = await judgeColumns(columns);
  expect(valid).toBe('invalid');
  expect(reason).toContain('key 7');
});

it('a value that nobody wrote convicts', async () => {
  const columns = columnsOf((encoder) => {
    encoder.invoke(read, by(0));
    encoder.ok(read, 0, -2);
  });
  expect((await judgeColumns(columns)).valid).toBe('invalid');
});

it('a write in doubt may have happened or not, and one that failed has not', async () => {
  const after = (phase: 'fail' | 'info', found: number): Columns =>
    columnsOf((encoder) => {
      encoder.invoke(write, by(1, 5));
      encoder.lost(write, 1, phase, 'no answer');
      encoder.invoke(read, by(0));
      encoder.ok(read, 0, found);
    });
  expect((await judgeColumns(after('info', 5))).valid).toBe('valid');
  expect((await judgeColumns(after('info', -1))).valid).toBe('valid');
  expect((await judgeColumns(after('fail', -1))).valid).toBe('valid');
  expect((await judgeColumns(after('fail', 5))).valid).toBe('invalid');
});

it('judging ends when it is no more wanted, and says so', async () => {
  const columns = columnsOf((encoder) => {
    encoder.invoke(read, by(0));
    encoder.ok(read, 0, -1);
  });
  expect(await judgeColumns(columns, AbortSignal.abort())).toEqual({
    valid: 'unknown',
    reason: 'judging was broken off after 0 keys',
  });
});
