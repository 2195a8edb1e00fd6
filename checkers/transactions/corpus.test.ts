import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type History, historyOf } from '../../core/history.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Validity } from '../../core/verdict.ts';
import { formatNamed } from '../formats/index.ts';
import { listAppend } from './list-append.ts';

/** Published and generated histories with known verdicts; they are not part of this repository. */
const corpus = join(import.meta.dirname, '../../../shared/corpus');

interface Entry {
  readonly file: string;
  readonly format: string;
  readonly model: string;
  readonly expected: Validity;
  readonly levels?: Readonly<Record<string, boolean>>;
  readonly anomalies?: readonly string[];
}

function entries(): readonly Entry[] {
  const path = join(corpus, 'manifest.json');
  if (!existsSync(path)) return [];
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { histories: readonly Entry[] };
  return manifest.histories.filter(({ model }) => model === 'list-append');
}

function historyIn({ file, format }: Entry): History {
  const text = readFileSync(join(corpus, file), 'utf8');
  return historyOf([...formatNamed(format).read([text], { file })]);
}

/** The shape of two readers that see two writes in opposite orders; Elle's graphs call it by its cycle. */
const shapes: readonly string[] = ['long-fork'];

const all = entries();

describe.skipIf(all.length === 0)('the corpus in ../shared/corpus (skipped when absent)', () => {
  it.each(all)(
    'of $file is $expected, with the levels and anomalies that it has',
    async (entry) => {
      const history = historyIn(entry);
      const verdict = await listAppend().check(history);
      expect(verdict.valid).toBe(entry.expected);
      for (const [consistency, holds] of Object.entries(entry.levels ?? {})) {
        const asked = await listAppend({ consistency }).check(history);
        expect([consistency, asked.valid]).toEqual([consistency, holds ? 'valid' : 'invalid']);
      }
      const found = Object.keys(verdict.details?.anomalies as JsonObject);
      const expected = entry.anomalies?.filter((each) => !shapes.includes(each)) ?? [];
      expect(found).toEqual(expect.arrayContaining(expected));
      expect(found.length > 0).toBe(entry.expected === 'invalid');
    },
  );
});
