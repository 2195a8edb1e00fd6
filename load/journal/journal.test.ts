import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partFlag, tagOf } from './codes.ts';
import { decodeJournals } from './decoder.ts';
import { type JournalEncoder, journalEncoder } from './encoder.ts';

const header = { schema: 1, thread: 0, threads: 1, slots: 4 } as const;

/** What an encoder writes when these things happen, each 10 ns after the last. */
function journal(happens: (encoder: JournalEncoder) => void, own = {}): Uint8Array {
  const chunks: Uint8Array[] = [];
  let nowNs = 0;
  const encoder = journalEncoder(
    { ...header, ...own },
    () => (nowNs += 10),
    (bytes) => chunks.push(bytes),
  );
  happens(encoder);
  encoder.flush();
  return Buffer.concat(chunks);
}

const [read, write, scan] = [tagOf('read'), tagOf('write'), tagOf('scan')];
const asked = { index: 1, key: 3, value: -1, dueNs: -1 };

describe('a journal', () => {
  it('gives back what was done, when, by whom, and what came of it', () => {
    const columns = decodeJournals([
      journal((encoder) => {
        encoder.invoke(write, { ...asked, value: 2 ** 40 });
        encoder.invoke(read, { ...asked, index: 2, dueNs: 5 });
        encoder.ok(write, 1, -1);
        encoder.ok(read, 2, 2 ** 40);
        encoder.invoke(read, asked);
        encoder.lost(read, 1, 'fail', 'BUSY');
      }),
    ]);
    const { count, callNs, dueNs, endNs, key, phase, process, result, value, error, words } =
      columns;
    expect(count).toBe(3);
    expect([...callNs]).toEqual([10, 20, 50]);
    expect([...dueNs]).toEqual([10, 5, 50]);
    expect([...endNs]).toEqual([30, 40, 60]);
    expect([...key]).toEqual([3, 3, 3]);
    expect([...phase]).toEqual([1, 1, 2]);
    expect([...process]).toEqual([1, 2, 1]);
    expect([...value]).toEqual([2 ** 40, -1, -1]);
    expect([...result]).toEqual([-1, 2 ** 40, -1]);
    expect(words[error[2] ?? 0]).toBe('BUSY');
  });

  it('gives a client that lost track of an operation another process', () => {
    const { process } = decodeJournals([
      journal((encoder) => {
        encoder.invoke(write, { ...asked, value: 1 });
        encoder.lost(write, 1, 'info', 'no answer');
        encoder.invoke(read, asked);
      }),
    ]);
    expect([...process]).toEqual([1, 5]);
  });

  it('keeps the processes of threads apart', () => {
    const happens = (encoder: JournalEncoder): void => encoder.invoke(read, asked);
    const { process } = decodeJournals([
      journal(happens, { threads: 2 }),
      journal(happens, { threads: 2, thread: 1 }),
    ]);
    expect([...process]).toEqual([2, 3]);
  });

  it('leaves what had no end open, and tells absent values from those nobody wrote', () => {
    const { phase, endNs, result } = decodeJournals([
      journal((encoder) => {
        encoder.invoke(read, asked);
        encoder.invoke(read, { ...asked, index: 2 });
        encoder.ok(read, 2, -1);
        encoder.invoke(read, { ...asked, index: 2 });
        encoder.ok(read, 2, -2);
      }),
    ]);
    expect([...phase]).toEqual([3, 1, 1]);
    expect(endNs[0]).toBe(Infinity);
    expect([...result]).toEqual([-1, -1, -2]);
  });

  it('keeps an operation and its parts apart', () => {
    const { tag, endNs } = decodeJournals([
      journal((encoder) => {
        encoder.invoke(scan, asked);
        encoder.invoke(read | partFlag, asked);
        encoder.ok(read | partFlag, 1, 7);
        encoder.ok(scan, 1, -1);
      }),
    ]);
    expect([...tag]).toEqual([scan, read | partFlag]);
    expect([...endNs]).toEqual([40, 30]);
  });

  it('that breaks off anywhere is read up to there', () => {
    const whole = journal((encoder) => {
      for (let value = 0; value < 20; value++) {
        encoder.invoke(write, { ...asked, value, key: 1 << value });
        encoder.lost(write, 1, 'fail', `words ${value}`);
      }
    });
    const start = whole.indexOf(0x0a) + 1;
    fc.assert(
      fc.property(fc.integer({ min: start, max: whole.length }), (end) => {
        const { count, key } = decodeJournals([whole.subarray(0, end)]);
        expect([...key]).toEqual(Array.from({ length: count }, (_, at) => 1 << at));
      }),
    );
  });

  it('keeps every number and every moment, whatever the load', () => {
    const operations = fc.array(
      fc.record({
        key: fc.nat(2 ** 32 - 1),
        value: fc.integer({ min: -1, max: 2 ** 50 }),
        lateNs: fc.nat(2 ** 30),
      }),
      { maxLength: 5000 },
    );
    fc.assert(
      fc.property(operations, (all) => {
        const dues: number[] = [];
        const bytes = journal((encoder) => {
          for (const { key, value, lateNs } of all) {
            const dueNs = Math.max(0, encoder.lastNs + 10 - lateNs);
            dues.push(dueNs);
            encoder.invoke(write, { index: 0, key, value, dueNs });
            encoder.ok(write, 0, value);
          }
        });
        const columns = decodeJournals([bytes]);
        expect([...columns.key]).toEqual(all.map(({ key }) => key));
        expect([...columns.value]).toEqual(all.map(({ value }) => value));
        expect([...columns.result]).toEqual(all.map(({ value }) => value));
        expect([...columns.dueNs]).toEqual(dues);
      }),
      { numRuns: 20 },
    );
  });

  it('of something else is refused, and says what it should be', () => {
    expect(() => decodeJournals([Buffer.from('{"index":0}\n')])).toThrow(
      'expected a journal of a benchmark',
    );
  });
});
