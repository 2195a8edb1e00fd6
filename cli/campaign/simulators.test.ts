import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Digest } from './digest.ts';
import { type SimulationJob, simulateMany, simulators } from './simulators.ts';
import { smallPlan } from './testing/small-plan.ts';

async function digests(
  jobs: Iterable<SimulationJob>,
  workers = 2,
): Promise<ReadonlyMap<number, Digest>> {
  const found = new Map<number, Digest>();
  const onResult = ({ plan }: SimulationJob, digest: Digest): void => {
    found.set(plan.seed, digest);
  };
  await simulateMany(jobs, { workers, onResult });
  return new Map([...found].sort(([one], [other]) => one - other));
}

const seeds = [1, 2, 3];

async function jobsOf(...words: readonly string[]): Promise<readonly SimulationJob[]> {
  return Promise.all(seeds.map(async (seed) => ({ plan: await smallPlan(seed, ...words) })));
}

describe('simulateMany', { timeout: 180_000 }, () => {
  it('says the same of a seed whatever the number of threads', async () => {
    const jobs = await jobsOf();
    const [one, two] = [await digests(jobs, 1), await digests(jobs, 2)];
    expect(one).toEqual(two);
    expect([...one.values()].map(({ outcome }) => outcome)).toEqual(['valid', 'valid', 'valid']);
  });

  it('tells of what kind a failure is, and how many operations it took', async () => {
    const found = await digests(await jobsOf('--reads', 'local'));
    for (const { outcome, kind, toViolation, ok, fail, info } of found.values()) {
      expect([outcome, kind]).toEqual([
        'invalid',
        'linearizable cas-register: read; another operation was over before it began, and nobody has written the older value since',
      ]);
      expect(toViolation).toBeGreaterThan(1);
      expect(toViolation).toBeLessThan(ok + fail + info);
    }
  });

  it('takes a run that throws for a finding, and goes on', async () => {
    const broken = { ...(await smallPlan(2)), system: 'no-such-system' };
    const found = await digests([{ plan: broken }, { plan: await smallPlan(3) }], 1);
    expect(found.get(2)).toMatchObject({ outcome: 'crashed' });
    expect(found.get(2)?.reason).toContain('no-such-system');
    expect(found.get(2)?.stack).toContain('at ');
    expect(found.get(3)?.outcome).toBe('valid');
  });

  it('begins nothing more once it is told to stop, and finishes what it began', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const plan = await smallPlan(1);
    function* endless(): Generator<SimulationJob> {
      for (let seed = 1; ; seed++) yield { plan: { ...plan, seed } };
    }
    const onResult = ({ plan }: SimulationJob): void => {
      seen.push(plan.seed);
      controller.abort();
    };
    await simulateMany(endless(), { workers: 2, signal: controller.signal, onResult });
    expect(seen.sort()).toEqual([1, 2]);
  });

  it('rejects with what the listener threw', async () => {
    const onResult = (): never => {
      throw new Error('the disk is full');
    };
    const jobs = await jobsOf();
    await expect(simulateMany(jobs, { workers: 2, onResult })).rejects.toThrow('the disk is full');
  });
});

describe('simulators', { timeout: 180_000 }, () => {
  it('say why a run could not be saved', async () => {
    await using crew = simulators(1);
    const saved = await crew.save(await smallPlan(1), '/dev/null/store', {});
    expect(saved.path).toBe(null);
    expect(saved.problems.join()).toContain('/dev/null/store');
  });

  it('save what there is of a run that broke off, and why', async () => {
    const store = mkdtempSync(join(tmpdir(), 'dtest-broken-'));
    try {
      await using crew = simulators(1);
      const plan = await smallPlan(1);
      const broken = { ...plan, settings: { ...plan.settings, heartbeatMs: '0' } };
      const { path, problems } = await crew.save(broken, store, {});
      expect(problems).toEqual([]);
      expect(readFileSync(join(path ?? '', 'crash.txt'), 'utf8')).toContain('heartbeatMs');
      expect(readFileSync(join(path ?? '', 'test.json'), 'utf8')).toContain('"heartbeatMs": "0"');
    } finally {
      rmSync(store, { recursive: true });
    }
  });
});
