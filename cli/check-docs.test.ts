import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formats } from '../checkers/formats/index.ts';
import { checkFiles } from './check-files.ts';
import { checkFlagsFor } from './testing/check-flags-for.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/check.md'), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(
    ([, text = '']) => text,
  );

let folder = '';
const origin = process.cwd();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dtest-docs-'));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(origin);
  rmSync(folder, { recursive: true });
});

/** How long it took is the one thing that differs from run to run. */
const timeless = (text: string): string => text.replaceAll(/\d+ ms$/gm, '… ms').trimEnd();

describe('docs/check.md', () => {
  it('shows what dtest check says of its first example', async () => {
    writeFileSync('history.jsonl', blocks('json')[0] ?? '');
    const { text } = await checkFiles(['history.jsonl'], checkFlagsFor());
    const [shown = ''] = blocks('console');
    expect(timeless(text)).toBe(timeless(shown.slice(shown.indexOf('\n') + 1)));
  });

  it('shows what dtest check says of several files', async () => {
    writeFileSync('empty.jsonl', '');
    writeFileSync('prices.csv', 'a,b,c\n');
    const words = ['empty.jsonl', 'history.jsonl', 'prices.csv'];
    const { text } = await checkFiles(words, checkFlagsFor({ quiet: true }));
    const shown = blocks('console')[1] ?? '';
    expect(text).toBe(shown.slice(shown.indexOf('\n') + 1).trimEnd());
  });

  it('has a section for every format', () => {
    for (const name of Object.keys(formats)) expect(page).toContain(`\n### ${name}\n`);
  });
});
