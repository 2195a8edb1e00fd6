import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { compareBenches } from '../../compare/compare-benches.ts';
import { parseGates } from '../../compare/gate.ts';
import { sampleBench } from '../../compare/testing/sample-bench.ts';
import type { Bench } from '../../core/bench.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'dtest-schema-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Other programs may meet fields that they do not know; ours must all be in the schema. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [name, strict(value)]),
  );
  return 'properties' in inner ? { ...inner, additionalProperties: false } : inner;
}

function schemaOf(name: string): unknown {
  return JSON.parse(readFileSync(join(root, 'docs/schema', name), 'utf8'));
}

function validator(name: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  formats.default(ajv);
  return ajv.compile(strict(schemaOf(name)) as object);
}

function expectFits(name: string, value: unknown): void {
  const validate = validator(name);
  validate(JSON.parse(JSON.stringify(value)));
  expect(validate.errors ?? []).toEqual([]);
}

async function dtest(words: readonly string[]): Promise<unknown> {
  const { stdout } = await execa(
    process.execPath,
    [join(root, 'bin/dtest.js'), ...words, '--json'],
    {
      ...{ cwd: folder, reject: false, timeout: 100_000 },
      env: { PATH: `${join(folder, 'programs')}${delimiter}${process.env.PATH ?? ''}` },
    },
  );
  return JSON.parse(stdout);
}

const simulated = ['--world', 'sim', '--nodes', '3', '--time', '5s', '--threshold', 'p99<1us'];

describe('what dtest writes fits its published schema', { timeout: 200_000 }, () => {
  it('runs, valid and invalid, and their folders', async () => {
    const words = ['run', 'register', ...simulated];
    for (const more of [
      ['--nemesis', 'kill', '--seed', '1'],
      ['--reads', 'local', '--seed', '7'],
    ]) {
      const run = await dtest([...words, ...more]);
      expectFits('run.json', run);
      const { path } = run as { readonly path: string };
      expectFits(
        'results.json',
        JSON.parse(readFileSync(join(folder, path, 'results.json'), 'utf8')),
      );
    }
  });

  it('comparisons of runs', async () => {
    const [one = '', two = ''] = readdirSync(join(folder, 'store/register-raft')).sort();
    const paths = [one, two].map((each) => `store/register-raft/${each}`);
    const comparison = await dtest(['compare', ...paths, '--fail-on', 'throughput<-5%']);
    expectFits('compare.json', comparison);
  });

  const measured = ['--world', 'local', '--time', '1s', '--rounds', '1', '--keys', '20'];

  it('a benchmark under a fault, and what lies in its folder', async () => {
    const words = ['bench', 'raft', '--concurrency', '4', '--nemesis', 'kill:leader', ...measured];
    const { path } = (await dtest(words)) as { readonly path: string };
    const saved = JSON.parse(readFileSync(join(folder, path, 'bench.json'), 'utf8')) as Bench;
    expectFits('bench.json', saved);
    expect(saved.rounds[0]?.faults).toHaveLength(1);
    expect(saved.rounds[0]?.costs).not.toBeNull();
  });

  it('a benchmark with a search, and with a system that does not start', async () => {
    mkdirSync(join(folder, 'programs'));
    const broken = join(folder, 'programs/redis-server');
    writeFileSync(broken, '#!/bin/sh\nexit 3\n');
    chmodSync(broken, 0o755);
    const words = ['bench', 'null', 'redis', '--slo', 'p99<0.001us', '--rate', '2', ...measured];
    const { path } = (await dtest(words)) as { readonly path: string };
    const saved = JSON.parse(readFileSync(join(folder, path, 'bench.json'), 'utf8')) as Bench;
    expectFits('bench.json', saved);
    expect(saved.objectives).toMatchObject([{ subject: 'null', rate: null, tried: { length: 4 } }]);
    expect(saved.failures).toHaveLength(2);
  });

  it('comparisons of benchmarks, and benchmarks', () => {
    const [one, two] = [1, 2].map((seed) =>
      sampleBench({ seed, fault: seed === 2 ? 'kill' : null }),
    );
    for (const bench of [one, two]) expectFits('bench.json', bench);
    const saved = (bench: typeof one, label: string) => ({ bench: bench!, path: label, label });
    const same = compareBenches([saved(one, 'a'), saved(one, 'b')], {
      ...{ gates: parseGates('p99>+10%,recovery>+10%'), figures: [] },
    });
    expectFits('compare.json', same);
  });

  it('checks, of files good, bad and unreadable', async () => {
    writeFileSync(join(folder, 'nonsense.jsonl'), 'no history\n');
    const examples = join(root, 'examples/models');
    const files = ['seats-good.jsonl', 'seats-booked-twice.jsonl'].map((each) =>
      join(examples, each),
    );
    const checked = await dtest([
      'check',
      ...files,
      'nonsense.jsonl',
      '--model',
      join(examples, 'seats.ts'),
    ]);
    expectFits('check.json', checked);
    expect(checked).toMatchObject({ valid: 'invalid', unreadable: [{ file: 'nonsense.jsonl' }] });
  });
});

describe('a schema', () => {
  it('refuses what is not of its kind', () => {
    for (const name of readdirSync(join(root, 'docs/schema')).filter((each) =>
      each.endsWith('.json'),
    )) {
      expect(validator(name)({ schema: 2 })).toBe(false);
    }
  });
});
