import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { historyOf } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';
import type { Validity } from '../../core/verdict.ts';
import { formatNamed } from '../formats/index.ts';
import { guessFormat } from '../formats/guess.ts';
import { modelNamed, models } from '../models/index.ts';
import { linearizable } from './index.ts';

/** Published and generated histories with known verdicts; they are not part of this repository. */
const corpus = join(import.meta.dirname, '../../../shared/corpus');

interface Entry {
  readonly file: string;
  readonly family: string;
  readonly format: string;
  readonly model: string;
  readonly init?: Json;
  readonly failedCas?: 'drop' | 'assert';
  readonly expected: Validity;
  readonly expectedWithInit?: readonly (readonly [Json, Validity])[];
}

/** A tenth of what a check may use by default. */
const maxSteps = 2_000_000;

function entries(): readonly Entry[] {
  const path = join(corpus, 'manifest.json');
  if (!existsSync(path)) return [];
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { histories: readonly Entry[] };
  return manifest.histories.filter(({ model }) => Object.hasOwn(models, model));
}

async function verdictOn(entry: Entry, init: Json | undefined): Promise<Validity> {
  const text = readFileSync(join(corpus, entry.file), 'utf8');
  const events = [...formatNamed(entry.format).read([text], { file: entry.file })];
  const model = modelNamed(entry.model, init === undefined || init === null ? {} : { init });
  const checker = linearizable(model, { failedCas: entry.failedCas ?? 'drop' });
  return (await checker.check(historyOf(events), { maxSteps })).valid;
}

const families = [...new Set(entries().map(({ family }) => family))];

describe.skipIf(families.length === 0)(
  'the corpus in ../shared/corpus (skipped when absent)',
  () => {
    it.each(families)(
      'has no wrong and no unknown verdict in %s',
      async (family) => {
        const wrong: string[] = [];
        const unknown: string[] = [];
        for (const entry of entries().filter((each) => each.family === family)) {
          const verdict = await verdictOn(entry, entry.init);
          if (verdict === 'unknown') unknown.push(entry.file);
          else if (verdict !== entry.expected) wrong.push(`${entry.file} is ${entry.expected}`);
        }
        expect(wrong).toEqual([]);
        expect(unknown).toEqual([]);
      },
      120_000,
    );

    it('turns on the initial value where the manifest says so', async () => {
      let tried = 0;
      for (const entry of entries()) {
        for (const [init, expected] of entry.expectedWithInit ?? []) {
          tried++;
          expect([entry.file, await verdictOn(entry, init)]).toEqual([entry.file, expected]);
        }
      }
      expect(tried).toBeGreaterThan(0);
    });

    it('is of formats that can be guessed', () => {
      const wrong = entries().filter(({ file, format }) => {
        const text = readFileSync(join(corpus, file), 'utf8');
        const guess = guessFormat(file, text.slice(0, 4096));
        return text !== '' && (guess.kind !== 'known' || guess.name !== format);
      });
      expect(wrong.map(({ file }) => file)).toEqual([]);
    });
  },
);
