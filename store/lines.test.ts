import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotText, textChunks } from './lines.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dtest-lines-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(content: string | Uint8Array): string {
  const path = join(folder, 'history');
  writeFileSync(path, content);
  return path;
}

const textOf = (content: string | Uint8Array): string => [...textChunks(file(content))].join('');

describe('textChunks', () => {
  it.each(['', 'a', 'é', '€', '😀'])('gives back %j wherever a chunk ends in it', (character) => {
    for (let before = 0; before < 4; before++) {
      const text = 'x'.repeat((1 << 18) - before) + character.repeat(5);
      expect(textOf(text) === text).toBe(true);
    }
  });

  it('leaves a byte order mark out', () => {
    expect(textOf('\uFEFF{}\n\uFEFF')).toBe('{}\n\uFEFF');
  });

  it('tells how much it read', () => {
    let bytes = 0;
    const path = file('é'.repeat(200_000));
    expect([...textChunks(path, { onBytes: (count) => (bytes += count) })].join('')).toHaveLength(
      200_000,
    );
    expect(bytes).toBe(400_000);
  });

  it.each([
    [[0x61, 0x0a, 0x62, 0xff, 0x63], 2, 'ff 63 at byte 3'],
    [[0x0a, 0x0a, 0xe2, 0x82, 0x0a], 3, 'e2 82 0a at byte 2'],
    [[0x61, 0xe2, 0x82], 1, 'e2 82 at byte 1'],
    [[0xff, 0xfe, 0x7b, 0x00], 1, 'ff fe 7b 00 at byte 0'],
    [[...Array.from({ length: (1 << 18) + 5 }, () => 0x0a), 0x80], (1 << 18) + 6, '80 at byte'],
  ])('refuses bytes that are no UTF-8 and says where they are (%#)', (bytes, line, what) => {
    const path = file(Uint8Array.from(bytes));
    expect(() => [...textChunks(path)]).toThrow(NotText);
    expect(() => [...textChunks(path)]).toThrow(
      `${path}:${String(line)}: expected UTF-8 text, got the bytes ${what}`,
    );
  });
});
