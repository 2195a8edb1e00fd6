import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Run } from '../core/run.ts';
import { junit } from './junit.ts';
import { visible } from './markup/visible.ts';
import { hostileValues } from './testing/hostile.ts';
import { hostileRun } from './testing/hostile-run.ts';
import { invalidRun } from './testing/invalid-run.ts';
import { sampleRun } from './testing/sample-run.ts';
import { tagsOf } from './testing/tags.ts';

async function tags(run: Run) {
  const [artifact] = await junit.render(run);
  return tagsOf(artifact!.content as string);
}

const valid = sampleRun({ ops: 20, seconds: 2 });
const named = async (run: Run, name: string) =>
  (await tags(run)).filter((tag) => tag.name === name);
const with_ = (results: Partial<Run['results']>): Run => ({
  ...valid,
  results: { ...valid.results, thresholds: [], ...results },
});

describe('junit.xml', () => {
  it('is green for a valid run', async () => {
    expect(
      (await tags(with_({}))).map(({ name }) => name).filter((name) => name !== 'property'),
    ).toEqual(['testsuites', 'testsuite', 'properties', 'testcase', 'testcase', 'system-out']);
  });

  it('has a case for the run, each checker and each threshold, and counts the failures', async () => {
    const run = invalidRun({ ops: 20, seconds: 2 });
    const cases = (await named(run, 'testcase')).map(({ attributes }) => attributes.name);
    expect(cases).toEqual([
      'run',
      'checker linearizable',
      'checker availability',
      'threshold p99<50ms',
      'threshold throughput>10/s',
    ]);
    const types = (await named(run, 'failure')).map(({ attributes }) => attributes.type);
    expect(types.slice(0, 3)).toEqual(['invalid', 'invalid', 'threshold']);
    const [suite] = await named(run, 'testsuite');
    expect(suite?.attributes).toMatchObject({
      tests: '5',
      failures: String(types.length),
      errors: '0',
    });
  });

  it('is red for unknown, even where each checker is content', async () => {
    const failures = await named(
      with_({ valid: 'unknown', reason: 'no fault had an effect' }),
      'failure',
    );
    expect(failures.map(({ attributes }) => attributes)).toEqual([
      { type: 'unknown', message: 'no fault had an effect' },
    ]);
  });

  it('calls the failure of the harness an error', async () => {
    const run = with_({ exitCode: 255, valid: 'unknown', reason: 'no Docker' });
    expect((await named(run, 'error'))[0]?.attributes).toEqual({
      type: 'harness',
      message: 'no Docker',
    });
  });

  it('gives plan and seed as properties, and the command that repeats the run', async () => {
    const [artifact] = await junit.render(valid);
    expect(artifact!.content).toContain('<property name="seed" value="7"/>');
    expect(artifact!.content).toContain(`<system-out>${valid.command}`);
  });

  it.each(hostileValues)('is well-formed and whole with %j everywhere', async (value) => {
    const all = await tags(hostileRun(value));
    const suite = all.find(({ name }) => name === 'testsuite');
    const shown = visible(value).replace(/\s+/gu, ' ').trim();
    expect(suite?.attributes.name).toBe(shown);
    expect(suite?.attributes.timestamp).toBe('1970-01-01T00:00:00');
    expect(all.filter(({ name }) => name === 'testcase')).toHaveLength(3);
  });

  it('is well-formed whatever the reason says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (reason) => {
        await tags(with_({ valid: 'invalid', reason }));
      }),
    );
  });
});
