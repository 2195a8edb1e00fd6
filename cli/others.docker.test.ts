import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Results } from '../core/run.ts';

const bin = join(import.meta.dirname, '../bin/dtest.js');
/** An image may have to be built from packages first. */
const timeoutMs = 240_000;

describe('systems of others, in containers,', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dtest-others-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const run = async (...words: readonly string[]): Promise<Results> => {
    const { stdout, stderr } = await execa(
      process.execPath,
      [bin, 'run', 'register', '-w', 'docker', '--json', ...words],
      { cwd: folder, reject: false },
    );
    expect(stdout, stderr).not.toBe('');
    return JSON.parse(stdout) as Results;
  };

  it('etcd keeps its promise through partitions and kills', { timeout: timeoutMs }, async () => {
    const faults = ['--nemesis', 'partition,kill', '--nemesis-interval', '3s'];
    const {
      valid,
      reason,
      faults: struck,
    } = await run('-s', 'etcd', '-n', '3', '-t', '15s', ...faults);
    expect([valid, reason]).toEqual(['valid', reason]);
    for (const { fault, injected, bit } of struck) {
      expect([fault, injected > 0, bit > 0]).toEqual([fault, true, true]);
    }
  });

  it(
    'etcd is convicted of serializable reads, which may be stale',
    { timeout: timeoutMs },
    async () => {
      const faults = ['--nemesis', 'partition:isolate-leader', '--nemesis-interval', '3s'];
      const { valid } = await run(
        '-s',
        'etcd',
        '-n',
        '3',
        '-t',
        '10s',
        '--reads',
        'local',
        ...faults,
      );
      expect(valid).toBe('invalid');
    },
  );

  it('one Redis is linearizable by itself', { timeout: timeoutMs }, async () => {
    const { valid, reason } = await run('-s', 'redis', '-t', '3s', '--nemesis', 'none');
    expect([valid, reason]).toEqual(['valid', reason]);
  });
});
