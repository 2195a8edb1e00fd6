import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkers } from '../checkers/index.ts';
import type { Validity } from '../core/verdict.ts';
import { checkFiles } from './check-files.ts';
import { checkFlagsFor, filesOf } from './testing/check-flags-for.ts';

/** Published and generated histories with known verdicts; they are not part of this repository. */
const corpus = join(import.meta.dirname, '../../shared/corpus');

interface Entry {
  readonly file: string;
  readonly family: string;
  readonly expected: Validity;
}

/** Those whose verdict turns on what no file says, with the flags that say it. */
const needsFlags: Readonly<Record<string, Parameters<typeof checkFlagsFor>[0]>> = {
  'adversarial/reg-init-88.jsonl': { options: { init: '88' } },
  'adversarial/pq-race.jsonl': { model: 'priority-queue' },
  'adversarial/pq-wrong.jsonl': { model: 'priority-queue' },
  'synthetic/pqueue-n300-c5.jsonl': { model: 'priority-queue' },
};

/** What its operations ask for, and nothing else judges, may not be in the index yet. */
const withoutChecker = new Set(
  Object.hasOwn(checkers, 'long-fork') ? [] : ['elle-cli/long-fork.edn'],
);

function entries(): readonly Entry[] {
  const path = join(corpus, 'manifest.json');
  if (!existsSync(path)) return [];
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { histories: readonly Entry[] };
  return manifest.histories.filter(({ file }) => !withoutChecker.has(file));
}

const families = [...new Set(entries().map(({ family }) => family))];

describe.skipIf(families.length === 0)(
  'dtest check on the corpus in ../shared/corpus (skipped when absent)',
  () => {
    it.each(families)(
      'guesses format, checker and model of %s and gives the right verdicts',
      async (family) => {
        const wrong: unknown[] = [];
        for (const { file, expected } of entries().filter((each) => each.family === family)) {
          const flags = checkFlagsFor({ maxSteps: 20_000_000, ...needsFlags[file] });
          const [checked] = filesOf(await checkFiles([join(corpus, file)], flags));
          const { valid, summary } = checked?.verdict ?? {};
          if (valid !== expected) wrong.push([file, expected, summary]);
        }
        expect(wrong).toEqual([]);
      },
      240_000,
    );

    it.each(families)(
      'says nothing else of %s when it judges while reading, but may give up',
      async (family) => {
        const wrong: unknown[] = [];
        for (const { file, expected } of entries().filter((each) => each.family === family)) {
          const flags = { maxSteps: 1_000_000, stream: true, ...needsFlags[file] };
          const [checked] = filesOf(await checkFiles([join(corpus, file)], checkFlagsFor(flags)));
          const { valid, summary } = checked?.verdict ?? {};
          if (valid !== expected && valid !== 'unknown') wrong.push([file, expected, summary]);
        }
        expect(wrong).toEqual([]);
      },
      240_000,
    );
  },
);
