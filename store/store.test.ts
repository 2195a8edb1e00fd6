import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpEvent } from '../core/event.ts';
import { openJournal } from './journal.ts';
import { textChunks } from './lines.ts';
import {
  createRunFolder,
  findRunFolder,
  insideFolder,
  planFile,
  writeArtifacts,
  writeJson,
} from './run-folder.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dtest-store-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const event = (index: number): OpEvent => ({
  index,
  timeNs: index,
  process: 0,
  phase: 'invoke',
  op: 'write',
  value: `line ${String(index)} with "quotes",\nand a break`,
});

describe('the journal', () => {
  it('writes one event a line, in order, whole', async () => {
    const path = join(folder, 'history.jsonl');
    {
      await using journal = await openJournal(path);
      for (let index = 0; index < 10_000; index++) {
        journal.append(event(index));
        if (index % 1000 === 0) await journal.flush();
      }
    }
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(10_000);
    expect(lines.map((line) => JSON.parse(line) as OpEvent)).toEqual(
      lines.map((_, at) => event(at)),
    );
  });

  it('refuses to write over another history', async () => {
    const path = join(folder, 'history.jsonl');
    writeFileSync(path, 'precious');
    await expect(openJournal(path)).rejects.toThrow(/EEXIST/);
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });

  it('has on disk what was appended, though the harness is killed and never flushes', async () => {
    const path = join(folder, 'history.jsonl');
    const program = `
      const { openJournal } = await import(${JSON.stringify(join(import.meta.dirname, 'journal.ts'))});
      const journal = await openJournal(${JSON.stringify(path)});
      journal.append({ index: 0 });
      setInterval(() => console.log('alive'), 200);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(readFileSync(path, 'utf8')).toBe('{"index":0}\n');
  });

  it('says that the disk is full instead of losing events silently', async () => {
    const journal = await openJournal(join(folder, 'history.jsonl'));
    await journal[Symbol.asyncDispose]();
    journal.append(event(0));
    await expect(journal.flush()).rejects.toThrow('the history could not be written');
    expect(() => journal.append(event(1))).toThrow('the history could not be written');
  });
});

describe('run folders', () => {
  it('never share a name, and latest points at the newest', async () => {
    const now = new Date();
    const first = await createRunFolder(folder, 'register-raft', now);
    const second = await createRunFolder(folder, 'register-raft', now);
    expect(second.path).not.toBe(first.path);
    expect(join(folder, readlinkSync(join(folder, 'latest')))).toBe(second.path);
  });

  it('are found by folder, by name or its folder, by latest and by a file inside', async () => {
    const run = await createRunFolder(folder, 'register-raft', new Date());
    await writeJson(join(run.path, planFile), {});
    const folderOfRuns = join(folder, 'register-raft');
    const texts = ['latest', 'register-raft', folderOfRuns, run.path, join(run.path, planFile)];
    for (const text of texts) {
      const found = await findRunFolder(folder, text);
      expect(execFileSync('realpath', [found.path], { encoding: 'utf8' }).trim()).toBe(run.path);
    }
    await expect(findRunFolder(folder, 'nothing')).rejects.toThrow('expected a run');
  });

  it.each(['../out', '/etc/passwd', 'a/../../out', '.', '', 'a\0b'])(
    'refuse the path %j',
    (path) => {
      expect(() => insideFolder(folder, path)).toThrow('expected a path inside');
    },
  );

  it('take artifacts in folders of their own', async () => {
    const run = await createRunFolder(folder, 'x', new Date());
    await writeArtifacts(run, [{ path: 'charts/a.txt', content: 'drawn' }]);
    expect(readFileSync(join(run.path, 'charts/a.txt'), 'utf8')).toBe('drawn');
  });
});

it('chunks of text never split a character', () => {
  const path = join(folder, 'text');
  const text = 'ä€😀'.repeat(50_000);
  writeFileSync(path, text);
  expect([...textChunks(path)].join('')).toBe(text);
});
