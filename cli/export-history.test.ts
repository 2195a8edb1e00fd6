import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { casRegisterModel } from '../checkers/models/register.ts';
import { randomHistory } from '../checkers/testing/random-history.ts';
import { questionsFor } from '../checkers/testing/questions.ts';
import type { HistoryEvent } from '../core/event.ts';
import type { Model } from '../checkers/models/model.ts';
import { checkFiles } from './check-files.ts';
import { exportHistory } from './export-history.ts';
import { UsageError } from './failure.ts';
import { checkFlagsFor, filesOf } from './testing/check-flags-for.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dtest-export-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const reading = { format: undefined, keyed: 'auto' } as const;

/** Two registers in turns, with a fault in the middle. */
function keyedHistory(seed: number): HistoryEvent[] {
  const model = casRegisterModel(undefined, 'cas-register') as Model;
  const shape = { seed, operations: 12, clients: 3, crashes: 0.1, mutations: seed % 2, values: 3 };
  const questions = questionsFor['cas-register'];
  if (questions === undefined) throw new Error('expected questions for cas-register');
  const events: HistoryEvent[] = [];
  const index = (): { index: number; timeNs: number } => ({
    index: events.length,
    timeNs: events.length * 1000,
  });
  for (const event of randomHistory(model, questions, shape)) {
    for (const [key, more] of [['a', 0] as const, [1, 100] as const]) {
      events.push({ ...event, ...index(), key, process: event.process + more });
    }
    const fault = { process: 'nemesis', fault: 'kill', faultId: 0, value: ['n1'] } as const;
    if (events.length === 8) events.push({ ...fault, ...index(), phase: 'begin' });
    if (events.length === 13) events.push({ ...fault, ...index(), phase: 'end' });
  }
  return events;
}

describe.each(['edn', 'jsonl'])('what --export %s writes', (form) => {
  it('gets the same verdict, and is the same once it is written again', async () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const original = join(folder, 'original.jsonl');
      const [first, second] = [join(folder, 'first'), join(folder, 'second')];
      const events = keyedHistory(seed);
      writeFileSync(original, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      await exportHistory([original], { ...reading, form, output: first });
      await exportHistory([first], { ...reading, form, output: second });
      expect(readFileSync(second, 'utf8')).toBe(readFileSync(first, 'utf8'));
      const [one, other] = filesOf(await checkFiles([original, first], checkFlagsFor()));
      expect(other?.verdict).toEqual(one?.verdict);
      expect(other?.operations).toBe(one?.operations);
      seen.add(String(one?.verdict.valid));
    }
    expect([...seen].sort()).toEqual(['invalid', 'valid']);
  });
});

describe('dtest check --export', () => {
  const bin = join(import.meta.dirname, '../bin/dtest.js');

  it('writes nothing but the history on standard output', async () => {
    const path = join(folder, 'one.jsonl');
    writeFileSync(
      path,
      keyedHistory(1)
        .map((event) => `${JSON.stringify(event)}\n`)
        .join(''),
    );
    const { stdout, stderr, exitCode } = await execa(process.execPath, [
      bin,
      'check',
      path,
      '--export',
      'edn',
    ]);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toHaveLength(keyedHistory(1).length);
    expect(stdout).toMatch(/^(\{:index \d+, :time \d+, :type :\w+, :process .*\}\n?)+$/);
  });

  it('leaves nothing half written behind', async () => {
    const path = join(folder, 'bad.jsonl');
    writeFileSync(path, '{"process":0,"type":"invoke","f":"read","value":null}\nwhat\n{}\n');
    const output = join(folder, 'never.edn');
    await expect(exportHistory([path], { ...reading, form: 'edn', output })).rejects.toThrow(
      'bad.jsonl:2: expected an event as one JSON object, got "what"',
    );
    expect(() => readFileSync(output)).toThrow('ENOENT');
    expect(() => readFileSync(`${output}.tmp`)).toThrow('ENOENT');
  });

  it.each([
    [['a', 'b'], { form: 'edn', output: undefined }, 'expected one history to export, got 2'],
    [['a'], { form: undefined, output: 'x' }, 'expected --export edn or jsonl with --output'],
    [
      ['/dev/null'],
      { form: 'edn', output: '.' },
      'expected --output to name a file, got the folder .',
    ],
    [
      ['/dev/null'],
      { form: 'edn', output: '/nowhere/x' },
      'expected to write /nowhere/x, but could not',
    ],
  ])('is refused: %j %j', async (words, flags, message) => {
    const failure = exportHistory(words, { ...reading, ...flags });
    await expect(failure).rejects.toThrow(UsageError);
    await expect(failure).rejects.toThrow(message);
  });
});
