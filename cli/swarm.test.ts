import { describe, expect, it } from 'vitest';
import { commandLine } from './command-line.ts';
import { progressBoundMs } from '../runner/liveness.ts';
import { planOf } from './plan.ts';
import { type RunFlagValues, runFlags } from './run-flags.ts';
import { systems } from '../systems/index.ts';

const standard = Object.fromEntries(
  Object.entries(runFlags).map(([name, flag]) => [
    name,
    'default' in flag ? flag.default : undefined,
  ]),
) as unknown as RunFlagValues;

const plan = (seed: number, more: Partial<RunFlagValues> = {}) =>
  planOf('register', 'sim', { ...standard, nemesis: 'all', swarm: 'on', seed, ...more });

const seeds = Array.from({ length: 60 }, (_, seed) => seed);

describe('a swarm', () => {
  it('draws the same for the same seed, and something else for others', () => {
    expect(plan(7)).toEqual(plan(7));
    expect(new Set(seeds.map((seed) => plan(seed).nemesis.join())).size).toBeGreaterThan(40);
  });

  it('tries every size, every setting that says what is worth trying, and every kind of fault', () => {
    const plans = seeds.map((seed) => plan(seed));
    expect(new Set(plans.map(({ nodes }) => nodes))).toEqual(new Set([3, 4, 5]));
    for (const { name, swarm = [] } of systems.raft?.settings ?? []) {
      const values = new Set(plans.map(({ settings }) => settings[name]));
      for (const value of swarm) expect(values).toContain(value);
    }
    const struck = new Set(plans.flatMap(({ faults }) => faults.map(({ kind }) => kind)));
    expect([...struck].sort()).toEqual([...new Set(kindsOfAll())].sort());
  });

  it('leaves alone what was given', () => {
    for (const seed of seeds) {
      const given = plan(seed, {
        nodes: 7,
        timeout: '3s',
        'nemesis-interval': '4s',
        set: ['maxBatch=9'],
      });
      expect(given).toMatchObject({ nodes: 7, timeoutMs: 3000, nemesisIntervalMs: 4000 });
      expect(given.settings.maxBatch).toBe('9');
      expect(plan(seed, { nemesis: 'partition,kill' }).nemesis).toEqual(['partition', 'kill']);
    }
  });

  it('never strikes at what rests on the assumption that it would not', () => {
    for (const seed of seeds) {
      const { nemesis, settings } = plan(seed);
      const kinds = nemesis.map((name) => name.split(':')[0]);
      expect(kinds).not.toContain('wipe');
      expect(kinds).not.toContain('corrupt');
      if (settings.reads === 'lease') expect(kinds).not.toContain('clock');
    }
  });

  it('stands in the plan, so that the command that repeats the run needs no swarm', () => {
    for (const seed of seeds) {
      const drawn = plan(seed);
      const command = commandLine(drawn, systems.raft?.settings ?? []);
      expect(command).not.toContain('swarm');
      const repeated = plan(seed, {
        ...{ swarm: 'off', nodes: drawn.nodes, timeout: `${drawn.timeoutMs}ms` },
        ...{ 'nemesis-interval': `${drawn.nemesisIntervalMs}ms`, nemesis: drawn.nemesis.join() },
        set: Object.entries(drawn.settings)
          .filter(([name]) => name !== 'members' && name !== 'bug')
          .map(([name, value]) => `${name}=${value}`),
      });
      expect(repeated).toEqual(drawn);
    }
  });
});

function kindsOfAll(): readonly string[] {
  return plan(1, { swarm: 'off' }).nemesis.map((name) => name.split(':')[0] ?? '');
}

describe('the mode liveness', () => {
  it('takes only faults that leave a majority alone, on links that lose nothing', () => {
    for (const seed of seeds) {
      const { faults, conditions } = plan(seed, { mode: 'liveness', swarm: 'off' });
      expect(conditions?.network).toMatchObject({ loss: 0, reordering: 0 });
      expect(faults.length).toBeGreaterThan(0);
      for (const { kind, variant } of faults) {
        expect(['partition', 'kill', 'pause', 'power']).toContain(kind);
        expect(variant).not.toBe('all');
      }
    }
  });

  it('has faults last longer than a cluster may take to go on, unless told otherwise', () => {
    const long = { mode: 'liveness', time: '1m' };
    for (const seed of seeds) {
      const { faults, nemesisIntervalMs, ...drawn } = plan(seed, long);
      expect(nemesisIntervalMs).toBe(3 * progressBoundMs(drawn));
      const longest = Math.max(...faults.map(({ durationMs }) => durationMs));
      expect(longest).toBeGreaterThan(progressBoundMs(drawn));
    }
    const told = plan(1, { ...long, 'nemesis-interval': '400ms' });
    expect(told.nemesisIntervalMs).toBe(400);
  });

  it('refuses faults that leave no majority, and worlds of real time', () => {
    const refusing = (more: Partial<RunFlagValues>) => () => plan(1, { mode: 'liveness', ...more });
    expect(refusing({ nemesis: 'power:all' })).toThrow('does not leave a majority alone');
    const elsewhere = { ...standard, mode: 'liveness', seed: 1 };
    expect(() => planOf('register', 'local', elsewhere)).toThrow('virtual time');
  });
});
