import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const examples = join(root, 'examples/models');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dtest-model-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const check = (...words: readonly string[]) =>
  execa(process.execPath, [join(root, 'bin/dtest.js'), 'check', ...words], {
    cwd: folder,
    reject: false,
  });

describe('dtest check --model FILE', () => {
  it.each([
    ['seats-good.jsonl', 0, 'VALID'],
    ['seats-booked-twice.jsonl', 1, 'book → 2'],
  ])('judges %s by the model of the example', async (name, exitCode, text) => {
    const done = await check(join(examples, name), '--model', join(examples, 'seats.ts'));
    expect(done.stderr).toBe('');
    expect(done.stdout).toContain(text);
    expect(done.exitCode).toBe(exitCode);
  });

  it('gives the initial value to the model', async () => {
    const model = join(examples, 'seats.ts');
    const done = await check(join(examples, 'seats-good.jsonl'), '--model', model, '--init', '2');
    expect(done.exitCode).toBe(1);
  });

  it.each([
    ['missing.ts', null, 'expected a model, found no file at'],
    ['nothing.ts', 'export const model = 3;', 'expected a default export made by defineModel'],
    ['broken.ts', 'export default (', 'could not be loaded'],
    [
      'nameless.ts',
      `import { defineModel } from 'dtest';
       export default defineModel({ name: '', operations: ['read'], init: 0, step: () => [0] });`,
      'expected a model to have a name, got ""',
    ],
  ])('says what is wrong with %s', async (name, text, message) => {
    const path = join(folder, name);
    if (text !== null) writeFileSync(path, text);
    const done = await check(join(examples, 'seats-good.jsonl'), '--model', path);
    expect(done.exitCode).toBe(254);
    expect(done.stderr).toContain(message);
  });

  it('has its example in the documentation word for word', () => {
    const page = readFileSync(join(root, 'docs/custom-models.md'), 'utf8');
    expect(page).toContain(readFileSync(join(examples, 'seats.ts'), 'utf8').trim());
  });
});
