import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { questionOf } from '../goals/generated-rows.ts';
import { createHistoryFiles } from '../histories/history-files.ts';
import type { HistoryOptions } from '../histories/history-options.ts';
import { inFreshProcess, tellingLine } from './fresh-process.ts';

const history: HistoryOptions = { kind: 'register', operations: 200, clients: 3, seed: 5 };
const question = questionOf(history);
const limits = { threads: 0, maxSteps: null };
const timeoutMs = 60_000;

it('judges a generated file, and says what that cost', async () => {
  using subjects = createHistoryFiles(null).of([{ kind: 'generated', history, question }]);
  const assignment = { kind: 'judge', subjects: subjects.list, passes: 2, limits } as const;
  const attempt = await inFreshProcess(assignment, timeoutMs);
  expect(attempt).toMatchObject({ kind: 'measured', pass: { results: [{ valid: 'valid' }] } });
  if (attempt.kind === 'failed') return;
  expect(attempt.pass.cpuMs).toBeGreaterThan(0);
  expect(attempt.pass.peakMb).toBeGreaterThanOrEqual(0);
});

it('says what failed', async () => {
  const subject = { ...question, file: 'no-such-file', format: 'jsonl' };
  const assignment = { kind: 'judge', subjects: [subject], passes: 1, limits } as const;
  const attempt = await inFreshProcess(assignment, timeoutMs);
  expect(attempt).toMatchObject({ kind: 'failed' });
  expect(attempt.kind === 'failed' && attempt.reason).toContain('no-such-file');
});

it('keeps generated files only in a folder of their own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dtest-bench-test-'));
  try {
    const sources = [{ kind: 'generated', history, question }] as const;
    createHistoryFiles(folder).of(sources)[Symbol.dispose]();
    expect(readdirSync(folder)).toEqual(['register-n200-c3-s5.jsonl']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('finds the line of a stack trace that tells', () => {
  const trace = 'x.ts:3\n  throw new Error(text)\n\nError: expected a, got b\n    at somewhere\n';
  expect(tellingLine(trace)).toBe('Error: expected a, got b');
});
