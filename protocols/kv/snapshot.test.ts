import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KvMachine, applyCommand, emptyMachine } from './machine.ts';
import { restoreSnapshot, takeSnapshot } from './snapshot.ts';

const byteString = fc
  .array(fc.integer({ min: 0, max: 255 }), { maxLength: 12 })
  .map((codes) => String.fromCharCode(...codes));

function machineOf(entries: readonly (readonly [string, string])[]): KvMachine {
  const machine = emptyMachine();
  applyCommand(machine, 1, { op: 'open-session' });
  applyCommand(machine, 2, { op: 'open-session' });
  entries.forEach(([key, value], at) => {
    applyCommand(machine, at + 3, { op: 'set', key, value, session: 1, sequence: at + 1 });
  });
  applyCommand(machine, 9, { op: 'cas', key: 'k', from: 'no', to: 'x', session: 2, sequence: 4 });
  return machine;
}

describe('a snapshot', () => {
  it('holds the whole state, the order of the sessions included', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(byteString, byteString)), (entries) => {
        const machine = machineOf(entries);
        const restored = restoreSnapshot(takeSnapshot(machine));
        expect(restored).toEqual(machine);
        expect([...restored.sessions.byId.keys()]).toEqual([...machine.sessions.byId.keys()]);
        expect(takeSnapshot(restored)).toBe(takeSnapshot(machine));
      }),
    );
  });

  it('is a byte string', () => {
    expect(takeSnapshot(machineOf([['\xff', '\0']]))).toMatch(/^[\0-\xff]*$/);
  });

  it('is refused with any byte changed, and with any part of its end missing', () => {
    const bytes = takeSnapshot(machineOf([['key', 'value']]));
    for (let at = 0; at < bytes.length; at++) {
      const other = String.fromCharCode(bytes.charCodeAt(at) ^ 1);
      expect(() => restoreSnapshot(bytes.slice(0, at) + other + bytes.slice(at + 1))).toThrow(
        /^expected .* at byte \d+ of a key-value snapshot, got /,
      );
      expect(() => restoreSnapshot(bytes.slice(0, at))).toThrow(/checksum/);
    }
  });

  it.each([
    ['another heading', ['other']],
    ['a count that is none', ['dtest-kv-1', 'x']],
    ['a count beyond the bytes', ['dtest-kv-1', '999999999']],
    ['a missing value', ['dtest-kv-1', '1', 'key']],
    ['a session that is no JSON', ['dtest-kv-1', '0', '1', '{']],
    ['a session with an unknown reply', ['dtest-kv-1', '0', '1', '[1,1,{"kind":"maybe"}]']],
    ['a session with a negative id', ['dtest-kv-1', '0', '1', '[-1,1,{"kind":"ok","value":null}]']],
    ['bytes after the end', ['dtest-kv-1', '0', '0', 'more']],
  ])('is refused, whatever its checksum says, for %s', (_, fields) => {
    const body = fields.map((each) => `${each.length}:${each}`).join('');
    expect(() => restoreSnapshot(body + fnv1a(body))).toThrow(/^expected (?!a checksum)/);
  });

  it('of random bytes is refused', () => {
    fc.assert(
      fc.property(byteString, (bytes) => {
        expect(() => restoreSnapshot(bytes)).toThrow(/^expected/);
        expect(() => restoreSnapshot(bytes + fnv1a(bytes))).toThrow(/^expected/);
      }),
    );
  });

  it('of 10^5 keys goes there and back', () => {
    const machine = emptyMachine();
    for (let at = 0; at < 100_000; at++) {
      applyCommand(machine, at + 1, { op: 'set', key: `key-${at}`, value: `value of ${at}` });
    }
    const restored = restoreSnapshot(takeSnapshot(machine));
    expect(restored.values.size).toBe(100_000);
    expect(restored.sizeBytes).toBe(machine.sizeBytes);
    expect(restored.values.get('key-99999')).toBe('value of 99999');
  });
});

/** A second writing of the checksum, so that the tests can sign what `takeSnapshot` never wrote. */
function fnv1a(bytes: string): string {
  let hash = 2166136261n;
  for (const each of bytes) hash = ((hash ^ BigInt(each.charCodeAt(0))) * 16777619n) % 2n ** 32n;
  return hash.toString(16).padStart(8, '0');
}
