import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { checkers } from './index.ts';

const root = join(import.meta.dirname, '..');
const pages = join(root, 'docs', 'checkers');
const folder = mkdtempSync(join(tmpdir(), 'dtest-pages-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A history in a page, and below it a command with what it says of that history. */
const example =
  /```jsonl\n(?<history>[^`]*)```\n+```console\n\$ dtest (?<command>[^\n]+)\n(?<output>[^`]*)```/g;

/** Set to write what the commands say into the pages, to be read before it is committed. */
const accepting = process.env.ACCEPT_PAGES !== undefined;

async function say(history: string, command: string): Promise<string> {
  const words = command.split(' ');
  const file = words.find((word) => word.endsWith('.jsonl')) ?? 'history.jsonl';
  writeFileSync(join(folder, file), history);
  const { all } = await execa('node', [join(root, 'bin', 'dtest.js'), ...words], {
    cwd: folder,
    all: true,
    reject: false,
    timeout: 60_000,
  });
  return `${steady(all).trimEnd()}\n`;
}

/** Only how long it took is different each time. */
function steady(text: string): string {
  return text.replace(/, [\d,]+ ms$/gm, ', 1 ms');
}

describe.each(readdirSync(pages).filter((name) => name.endsWith('.md')))(
  'docs/checkers/%s',
  (name) => {
    const path = join(pages, name);
    const text = readFileSync(path, 'utf8');
    const examples = [...text.matchAll(example)].map(({ groups = {} }) => groups);

    it.skipIf(examples.length === 0)('shows what dtest says of its examples', async () => {
      let written = text;
      for (const { history = '', command = '', output = '' } of examples) {
        const said = await say(history, command);
        if (accepting)
          written = written.replace(`${command}\n${output}\`\`\``, `${command}\n${said}\`\`\``);
        else expect(steady(output)).toBe(said);
      }
      if (accepting) writeFileSync(path, written);
    });

    it('links to nothing that is not there', () => {
      const links = [...text.matchAll(/\]\(([\w./-]+\.md)[^)]*\)/g)].map(([, link = '']) => link);
      for (const link of links) expect(() => readFileSync(join(pages, link))).not.toThrow();
    });
  },
);

it('there is a page for every checker, and the table has them all', () => {
  const table = readFileSync(join(root, 'docs', 'CHECKERS.md'), 'utf8');
  const missing = Object.keys(checkers).filter((name) => !table.includes(`\`${name}\``));
  expect(missing).toEqual([]);
  const links = [...table.matchAll(/\]\((checkers\/[\w-]+\.md)\)/g)].map(([, link = '']) => link);
  for (const link of links) {
    expect(() => readFileSync(join(root, 'docs', link)), link).not.toThrow();
  }
});
