// cspell:ignore zwei Gärten
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Notice, commandOf, fitted, summaryLimitBytes, tellGitHub } from './github.ts';

const folder = mkdtempSync(join(tmpdir(), 'dtest-github-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('an annotation', () => {
  it('names level, file, line and title', () => {
    expect(
      commandOf({
        level: 'error',
        title: 'register on raft',
        message: 'stale read',
        file: 'a/b.jsonl',
        line: 7,
      }),
    ).toBe('::error file=a/b.jsonl,line=7,title=register on raft::stale read');
  });

  it('is one line whose values end neither a property nor the command, whatever they are', () => {
    const hostile = fc.string({ unit: fc.constantFrom(':', ',', '%', '\n', '\r', '=', 'a', '25') });
    fc.assert(
      fc.property(hostile, hostile, hostile, (title, message, file) => {
        const text = commandOf({ level: 'warning', title, message, file, line: 1 });
        expect(text).not.toMatch(/[\r\n]/u);
        const match = /^::warning file=([^:,]*),line=1,title=([^:,]*)::(.*)$/u.exec(text);
        const decoded = (part = ''): string =>
          part.replaceAll(/%(0A|0D|25|2C|3A)/gu, (found) => decodeURIComponent(found));
        expect(match?.slice(1).map(decoded)).toEqual([file, title, message]);
      }),
    );
  });
});

describe('inside a GitHub workflow', () => {
  const notices: Notice[] = Array.from({ length: 12 }, (_, at) => ({
    ...{ level: 'error', title: `failure ${at}`, message: 'x' },
  }));

  it('ten annotations of a level are made, and the summary is appended', async () => {
    const path = join(folder, 'summary.md');
    writeFileSync(path, 'before\n');
    const lines: string[] = [];
    const environment = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: path };
    await tellGitHub({ notices, summary: '## valid' }, environment, (line) => lines.push(line));
    expect(lines.length).toBe(10);
    expect(readFileSync(path, 'utf8')).toBe('before\n## valid\n');
  });

  it('a summary that cannot be written is a warning and no failure', async () => {
    const lines: string[] = [];
    const environment = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(folder, 'no', 'such') };
    await tellGitHub({ notices: [], summary: 'x' }, environment, (line) => lines.push(line));
    expect(lines.join()).toMatch(/^::warning title=dtest::no step summary/u);
  });

  it('elsewhere nothing is said', async () => {
    const lines: string[] = [];
    await tellGitHub({ notices, summary: 'x' }, {}, (line) => lines.push(line));
    expect(lines).toEqual([]);
  });
});

describe('a summary', () => {
  it('is cut at a line, with a note, where it would not fit', () => {
    const text = 'zwei Gärten\n'.repeat(100_000);
    const cut = fitted(text, summaryLimitBytes);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(summaryLimitBytes);
    expect(cut).toMatch(/Gärten\n\n…cut short here: a summary holds 1 MiB\.\n$/u);
    expect(cut).not.toContain('\u{FFFD}');
  });

  it('is left out where there is no room at all', () => {
    expect(fitted('hello', 3)).toBe('');
    expect(fitted('hello', -5)).toBe('');
  });
});
