import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bootstrapMissing, cacheFolder } from './debian.ts';

afterEach(() => vi.unstubAllEnvs());

describe('a base from packages', () => {
  it.skipIf(process.platform !== 'linux')('needs debootstrap, and says how to get it', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'dtest-path-'));
    vi.stubEnv('PATH', empty);
    expect(await bootstrapMissing()).toContain('apt-get install debootstrap');
    rmSync(empty, { recursive: true });
  });
});

describe('what takes a minute to make', () => {
  it('is kept in the user’s cache folder', () => {
    vi.stubEnv('XDG_CACHE_HOME', '/somewhere/cache');
    expect(cacheFolder()).toBe('/somewhere/cache/dtest');
    vi.stubEnv('XDG_CACHE_HOME', '');
    vi.stubEnv('HOME', '/home/me');
    expect(cacheFolder()).toBe('/home/me/.cache/dtest');
  });
});
