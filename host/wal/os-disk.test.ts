import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Disk } from './disk.ts';
import { osDisk } from './os-disk.ts';
import { openWal } from './wal.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dtest-disk-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

async function contentOf(disk: Disk, name: string, fromOffset?: number): Promise<string> {
  let content = '';
  for await (const chunk of disk.read(name, fromOffset)) content += Buffer.from(chunk).toString();
  return content;
}

describe('the operating system’s disk', () => {
  it('makes its folder, and keeps files over their renaming', async () => {
    const disk = await osDisk(join(root, 'some/new/folder'));
    const file = await disk.create('a');
    await file.append(Buffer.from('hello '));
    await file.append(Buffer.from('world'));
    await file.truncate(9);
    await file.append(Buffer.from('!'));
    await file.sync();
    await file.close();
    await disk.rename('a', 'b');
    await disk.syncFolder();
    expect(await disk.list()).toEqual(['b']);
    expect(await contentOf(disk, 'b')).toBe('hello wor!');
    expect(await contentOf(disk, 'b', 6)).toBe('wor!');
    const again = await disk.open('b');
    await again.append(Buffer.from('?'));
    await again.close();
    expect(await contentOf(disk, 'b')).toBe('hello wor!?');
    await disk.remove('b');
    expect(await disk.list()).toEqual([]);
  });

  it('leaves no more than zeros behind what was appended, and none in a file that was closed', async () => {
    const disk = await osDisk(root);
    const file = await disk.create('a');
    const texts = Array.from({ length: 3000 }, (_, at) => `record ${at} `.repeat(1 + (at % 9)));
    let content = '';
    for (const text of texts) {
      await file.append(Buffer.from(text));
      content += text;
    }
    const found = await contentOf(disk, 'a');
    expect(found.startsWith(content)).toBe(true);
    expect(found.slice(content.length)).toMatch(/^\0+$/);
    await file.append(Buffer.alloc(1 << 20, 'x'));
    await file.close();
    expect(await contentOf(disk, 'a')).toBe(content + 'x'.repeat(1 << 20));
  });

  it('gives a log back to whoever comes after a process that was killed', async () => {
    const open = async () =>
      openWal({
        disk: await osDisk(join(root, 'wal')),
        segmentBytes: 1e6,
        onDurable: () => undefined,
        onFailure: (failure) => expect.unreachable(failure.message),
      });
    for (let life = 0; life < 4; life++) {
      const { wal, durable, notes } = await open();
      expect([durable.records.length, notes]).toEqual([life, []]);
      wal.persist([`life ${life}`]);
      while (wal.stats().persists < 1) await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it('neither creates over a file nor opens what is not there', async () => {
    const disk = await osDisk(root);
    await (await disk.create('a')).close();
    await expect(disk.create('a')).rejects.toThrow(/EEXIST/);
    await expect(disk.open('b')).rejects.toThrow(/ENOENT/);
  });

  it('carries a log over many openings, rotations and a compaction', async () => {
    const expected: unknown[] = [];
    for (let life = 0; life < 5; life++) {
      const opened = await openWal({
        disk: await osDisk(join(root, 'wal')),
        segmentBytes: 2000,
        onDurable: () => undefined,
        onFailure: (failure) => expect.unreachable(failure.message),
      });
      expect(opened.durable.records).toEqual(expected);
      if (life === 3) {
        opened.wal.compact('all before', []);
        expected.length = 0;
      }
      for (let at = 0; at < 100; at++) {
        const record = { life, at };
        expected.push(record);
        opened.wal.persist([record]);
        if (at % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await opened.wal.close();
    }
  });
});
