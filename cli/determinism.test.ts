import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../core/run.ts';
import { bundledSystems as systems } from '../systems/index.ts';
import { differenceText, twice } from '../simulator/twice.ts';
import { planOf } from './plan.ts';
import { simulate } from './simulate.ts';
import { type RunFlagValues, defaultFlags } from './run-flags.ts';
import { verify } from './verify.ts';

function planFor(system: string, seed: number, other: Partial<RunFlagValues> = {}): Plan {
  const common = { rate: 20, time: '5s', nemesis: 'all', 'nemesis-interval': '1s' };
  return planOf('register', 'sim', { ...defaultFlags, ...common, system, seed, ...other });
}

async function fingerprintOf(plan: Plan): Promise<string> {
  const { conducted } = await simulate(plan);
  const hash = createHash('sha256');
  for (const event of conducted.history.events()) hash.update(`${JSON.stringify(event)}\n`);
  return hash.digest('hex').slice(0, 16);
}

const seeds = 50;

describe.each(Object.keys(systems))('%s', (system) => {
  it(`repeats every event and draw of ${seeds} seeds`, { timeout: 300_000 }, async () => {
    for (let seed = 1; seed <= seeds; seed++) {
      const { difference, events } = await verify(planFor(system, seed));
      expect(difference && `seed ${seed}: ${differenceText(difference)}`).toBeNull();
      expect(events).toBeGreaterThan(500);
    }
  });
});

/** Simulations stand still for promises only after events that are not quiet; here after each, as well. */
async function differenceOfWary(plan: Plan): Promise<string | null> {
  let runs = 0;
  const { difference } = await twice((trace) => simulate(plan, { trace, isWary: runs++ > 0 }));
  return difference && differenceText(difference);
}

describe('quiet events', () => {
  it.each(Object.keys(systems))('of %s are quiet', { timeout: 300_000 }, async (system) => {
    for (let seed = 1; seed <= 10; seed++) {
      const planned = planFor(system, seed, { 'nemesis-interval': '500ms' });
      expect(await differenceOfWary(planned), `seed ${seed}`).toBeNull();
    }
  });

  it('are quiet where a run ends at its first breach', async () => {
    const planned = planFor('raft', 1, { bug: 'raft-quorum-half' });
    expect((await simulate(planned)).results.valid).toBe('invalid');
    expect(await differenceOfWary(planned)).toBeNull();
  });
});

// By name, so that a new kind of fault leaves this plan as it is.
const recordedPlan = { time: '20s', nemesis: 'partition,kill,pause,power,clock,disk,flaky' };

/**
 * What seed 42 does, in whatever process and on whatever machine. A change that is not meant to change
 * executions must leave these alone; one that is (a protocol sends something else, the simulator draws
 * something else) puts what the test prints in their place.
 */
const recorded: Readonly<Record<string, string>> = {
  raft: 'f6d7d7ed2b17af03',
  paxos: '8487a3d9308156cb',
};

describe('seed 42', () => {
  it.each(Object.keys(recorded))('of %s has the recorded history', async (system) => {
    const found = await fingerprintOf(planFor(system, 42, recordedPlan));
    const advice = `the history of seed 42 of ${system} is another one now. Was that meant? Then record ${found} in cli/determinism.test.ts`;
    expect(found, advice).toBe(recorded[system]);
  });

  it.each(Object.keys(recorded))('of %s is the same after other runs', async (system) => {
    for (const other of Object.keys(systems)) await simulate(planFor(other, 1));
    expect(await fingerprintOf(planFor(system, 42, recordedPlan))).toBe(recorded[system]);
  });

  it('is another one than seed 43', async () => {
    const [one, other] = await Promise.all(
      [42, 43].map((seed) => fingerprintOf(planFor('raft', seed))),
    );
    expect(one).not.toBe(other);
  });
});
