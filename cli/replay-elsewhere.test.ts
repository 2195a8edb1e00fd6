import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inProcess } from './testing/in-process.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dtest-elsewhere-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Json {
  readonly path: string;
  readonly valid: string;
  readonly notes: readonly string[];
  readonly runs: readonly Json[];
  readonly plan: { readonly world: string; readonly faults: readonly { readonly kind: string }[] };
  readonly stats: { readonly counts: { readonly ok: number } };
}

async function dtest(...words: readonly string[]): Promise<Json> {
  const { stdout, stderr } = await inProcess(folder, [...words, '--json']);
  expect(stdout, stderr).not.toBe('');
  return JSON.parse(stdout) as Json;
}

it('a simulated run goes to local, and that one back, and both say what is left behind', async () => {
  const faults = ['--nemesis', 'kill,power', '--nemesis-interval', '1s'];
  const words = ['-n', '3', '--rate', '50', '-t', '4s', '--seed', '3', '-w', 'sim', ...faults];
  const simulated = await dtest('run', 'register', ...words);
  const local = await dtest('replay', simulated.path, '--world', 'local');
  expect(local.notes).toEqual([
    expect.stringMatching(/^not carried over: \d power faults?, which local cannot make/),
    expect.stringContaining('the simulated network'),
  ]);
  const [run] = local.runs;
  expect([run?.valid, run?.plan.world]).toEqual(['valid', 'local']);
  expect(new Set(run?.plan.faults.map(({ kind }) => kind))).toEqual(new Set(['kill']));
  const back = await dtest('replay', run?.path ?? '', '--world', 'sim');
  expect(back.notes).toEqual([expect.stringContaining('calm in sim')]);
  expect(back.runs[0]?.stats.counts.ok).toBeGreaterThan(50);
  const again = await dtest('replay', back.runs[0]?.path ?? '');
  expect(again.notes).toEqual(['the same history, byte for byte']);
});
