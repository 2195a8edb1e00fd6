import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inProcess } from '../testing/in-process.ts';

interface Json {
  readonly path: string;
  readonly valid: string;
  readonly notes: readonly string[];
  readonly runs: readonly { readonly path: string; readonly valid: string }[];
  readonly before: { readonly operations: number };
  readonly after: { readonly operations: number; readonly faults: number };
  readonly run: { readonly path: string; readonly command: string };
}

describe('dtest replay and shrink in the sim world', () => {
  let folder = '';
  let right = '';
  let wrong = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dtest-shrink-'));
    right = (await json(...sim)).path;
    wrong = (await json(...sim, '--nemesis', 'all', '--reads', 'local')).path;
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const dtest = (...words: readonly string[]) => inProcess(folder, words);
  async function json(...words: readonly string[]): Promise<Json> {
    const { stdout, stderr } = await dtest(...words, '--json');
    expect(stdout, stderr).not.toBe('');
    return JSON.parse(stdout) as Json;
  }
  const sim = ['run', 'register', '-w', 'sim', '--rate', '50', '-t', '5s', '--seed', '2'];

  it('replays a run byte for byte', async () => {
    const { notes, runs } = await json('replay', right);
    expect(notes).toEqual(['the same history, byte for byte']);
    const text = (run: string): string => readFileSync(join(folder, run, 'history.jsonl'), 'utf8');
    expect(text(runs[0]?.path ?? '')).toBe(text(right));
  });

  it('replays under other draws when asked for more than one time', async () => {
    const { notes, runs } = await json('replay', wrong, '--times', '3');
    expect([notes.length, runs.length, runs[0]?.valid]).toEqual([1, 3, 'invalid']);
  });

  it('shrinks a failure to a few operations, in a run that is replayed as any other', async () => {
    const { before, after, run } = await json('shrink', wrong, '--budget', '150');
    expect(before.operations).toBeGreaterThan(150);
    expect([after.operations <= 15, after.faults <= 3]).toEqual([true, true]);
    expect(existsSync(join(folder, run.path, 'operations.jsonl'))).toBe(true);
    expect(run.command).toBe(`dtest replay ${run.path}`);
    const again = await dtest(...run.command.split(' ').slice(1));
    expect([again.exitCode, again.stdout]).toEqual([1, expect.stringContaining('byte for byte')]);
  });

  it('never makes it worse, however small the budget', async () => {
    const { before, after } = await json('shrink', wrong, '--budget', '1');
    expect(after).toEqual(before);
  });

  it('refuses to shrink what did not fail', async () => {
    const { exitCode, stderr } = await dtest('shrink', right);
    expect([exitCode, stderr]).toEqual([
      254,
      expect.stringContaining('there is nothing to shrink'),
    ]);
  });

  it('says what a budget is', async () => {
    const { exitCode, stderr } = await dtest('shrink', wrong, '--budget', '0');
    expect([exitCode, stderr]).toEqual([254, expect.stringContaining('a number of runs')]);
  });
});
