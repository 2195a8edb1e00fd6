import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lastLines, logLimitBytes, readLogEnd } from './log-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dtest-log-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the end of a log', () => {
  it('is all of a short one', async () => {
    const path = join(folder, 'short');
    await appendFile(path, 'first\nlast');
    expect(await readLogEnd(path)).toBe('first\nlast');
    expect(await readLogEnd(path, 6)).toBe('last');
  });

  it('is at most 1 MiB of a long one, cut at a line', async () => {
    const path = join(folder, 'long');
    await appendFile(path, '0123456789abcde\n'.repeat(200_000));
    const end = await readLogEnd(path);
    expect(end.length).toBeLessThanOrEqual(logLimitBytes);
    expect(end.length).toBeGreaterThan(logLimitBytes - 20);
    expect(end.startsWith('0123')).toBe(true);
  });

  it('is empty where there is none', async () => {
    expect(await readLogEnd(join(folder, 'none'))).toBe('');
  });

  it('gives its last lines', () => {
    expect(lastLines('a\nb\nc\n', 2)).toBe('b\nc');
  });
});
