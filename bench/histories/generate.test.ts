import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkers } from '../../checkers/index.ts';
import { historyOf } from '../../core/history.ts';
import { questionOf } from '../goals/generated-rows.ts';
import { eventsOfHistory, linesOfHistory } from './generate.ts';
import { type HistoryOptions, type Mutation, kinds, nameOf } from './history-options.ts';

const small = { operations: 60, clients: 4, keys: 3, crashed: 3 } as const;

function textOf(options: HistoryOptions): string {
  return [...linesOfHistory(options), ''].join('\n');
}

async function verdictOn(options: HistoryOptions): Promise<string> {
  const { checker, options: given } = questionOf(options);
  const entry = checkers[checker];
  if (entry === undefined) throw new Error(`expected a checker, got ${checker}`);
  return (await entry.create(given).check(historyOf([...eventsOfHistory(options)]))).valid;
}

describe.each(kinds)('a history of kind %s', (kind) => {
  const options: HistoryOptions = { ...small, kind, seed: 7 };

  it('is the same for the same seed, byte for byte, and another for another', () => {
    expect(textOf(options)).toBe(textOf(options));
    expect(textOf(options)).not.toBe(textOf({ ...options, seed: 8 }));
  });

  it('has every operation called once, and those that crashed without a result', () => {
    const events = [...eventsOfHistory(options)];
    expect(events.filter(({ phase }) => phase === 'invoke')).toHaveLength(small.operations);
    expect(events.filter(({ phase }) => phase === 'info')).toHaveLength(small.crashed);
  });

  it('is valid by construction, as the checker confirms', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      expect([seed, await verdictOn({ ...options, seed })]).toEqual([seed, 'valid']);
    }
  });
});

const mutated: readonly (readonly [Mutation, HistoryOptions['kind']])[] = [
  ['stale-read', 'register'],
  ['stale-read', 'kv'],
  ['fifo', 'queue'],
  ['lifo', 'stack'],
  ['dup-deq', 'queue'],
  ['flip', 'set'],
  ['lost-append', 'list-append'],
];

describe.each(mutated)('the mutation %s of kind %s', (mutation, kind) => {
  it('makes a history that the checker convicts', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const options = { kind, operations: 200, clients: 4, keys: 3, universe: 4, mutation, seed };
      expect([seed, await verdictOn({ ...options, mutateAt: 0.6 })]).toEqual([seed, 'invalid']);
    }
  });
});

it('a mutation without a place says so', () => {
  const options = { ...small, kind: 'queue', mutation: 'stale-read', seed: 1 } as const;
  expect(() => textOf(options)).toThrow('expected a place for the mutation stale-read');
});

it('lists stop growing when their keys retire', () => {
  const options = { ...small, kind: 'list-append', seed: 3, operations: 500 } as const;
  const longest = (text: string): number =>
    Math.max(
      ...[...text.matchAll(/\["r",\d+,\[([^\]]*)\]/g)].map(
        ([, list = '']) => list.split(',').length,
      ),
    );
  expect(longest(textOf({ ...options, appendsPerKey: 8 }))).toBeLessThanOrEqual(8);
  expect(longest(textOf(options))).toBeGreaterThan(8);
});

it('names tell all options apart', () => {
  const all: readonly HistoryOptions[] = [
    { ...small, kind: 'kv', seed: 1 },
    { ...small, kind: 'kv', seed: 2 },
    { ...small, kind: 'kv', seed: 1, values: 5 },
    { ...small, kind: 'kv', seed: 1, times: false },
    { ...small, kind: 'kv', seed: 1, zipf: 1 },
    { ...small, kind: 'kv', seed: 1, mutation: 'stale-read' },
    { ...small, kind: 'kv', seed: 1, mutation: 'stale-read', mutateAt: 0.5 },
  ];
  expect(new Set(all.map(nameOf)).size).toBe(all.length);
});

/** Histories that the baseline's own generator made; they are not part of this repository. */
const corpus = join(import.meta.dirname, '../../../shared/corpus');

interface Entry {
  readonly file: string;
  readonly sha256: string;
  readonly generator?: {
    readonly kind: HistoryOptions['kind'];
    readonly n: number;
    readonly clients: number;
    readonly seed: number;
    readonly keys?: number;
    readonly zipf?: number;
    readonly values?: string;
    readonly crash?: number;
    readonly universe?: number;
    readonly mutate?: Mutation;
  };
}

it.skipIf(!existsSync(corpus))(
  'makes every generated history of ../shared/corpus again, byte for byte (skipped when absent)',
  () => {
    const { histories } = JSON.parse(readFileSync(join(corpus, 'manifest.json'), 'utf8')) as {
      readonly histories: readonly Entry[];
    };
    const generated = histories.flatMap(({ file, sha256, generator }) =>
      generator === undefined ? [] : [{ file, sha256, ...generator }],
    );
    const different = generated.filter(({ n, crash, values, mutate, sha256, ...rest }) => {
      const options: HistoryOptions = {
        ...rest,
        operations: n,
        times: false,
        values: values?.startsWith('small:') === true ? Number(values.slice(6)) : 'unique',
        ...(crash === undefined ? {} : { crashed: crash }),
        ...(mutate === undefined ? {} : { mutation: mutate }),
      };
      return createHash('sha256').update(textOf(options)).digest('hex') !== sha256;
    });
    expect(generated.length).toBeGreaterThan(60);
    expect(different.map(({ file }) => file)).toEqual([]);
  },
);
