import { expect, it } from 'vitest';
import type { Plan } from '../../core/run.ts';
import { calmConditions } from '../../simulator/conditions.ts';
import { planPasses } from './plan-passes.ts';
import { type Test, shrink } from './search.ts';

const wild: Plan = {
  ...{ workload: 'register', system: 'raft', world: 'sim', nodes: 5, concurrency: 10, rate: 0 },
  ...{ timeMs: 60_000, ops: 0, keys: 5, opsPerKey: 200, readRatio: 0.5, timeoutMs: 2000 },
  ...{ nemesis: ['kill', 'pause'], nemesisIntervalMs: 5000, seed: 1, thresholds: [] },
  settings: { reads: 'local', batch: '7' },
  conditions: {
    ...calmConditions,
    network: { ...calmConditions.network, loss: 0.1, reordering: 0.2, holds: true },
  },
  operations: Array.from({ length: 200 }, (_, at) => ({
    ...{ worker: at % 10, atNs: at * 3e8, op: at % 2 === 0 ? 'write' : 'read', key: at % 5 },
    value: at,
  })),
  faults: Array.from({ length: 12 }, (_, at) => ({
    ...{ atMs: 1000 + at * 4000, durationMs: 3000, variant: 'one', draw: at },
    kind: at % 2 === 0 ? 'kill' : 'pause',
  })),
};

const smallest = (fails: (plan: Plan) => boolean): Promise<Plan> => {
  const test: Test<Plan> = (plan) => Promise.resolve(fails(plan) ? plan : null);
  const passes = planPasses({ settings: { reads: 'index', batch: '256' }, calm: calmConditions });
  const search = { passes, tests: [test], isSpent: () => false };
  return shrink(wild, search).then(({ best }) => best);
};

it('leaves exactly what the failure needs, and puts back all else', async () => {
  const values = [41, 77, 118];
  const plan = await smallest(
    ({ operations = [], faults, settings, nodes, conditions }) =>
      values.every((value) => operations.some((each) => each.value === value)) &&
      faults.some(({ kind, draw }) => kind === 'pause' && draw === 5) &&
      settings.reads === 'local' &&
      nodes >= 4 &&
      (conditions?.network.loss ?? 0) > 0.02,
  );
  expect(plan.operations?.map(({ value }) => value)).toEqual(values);
  expect(plan.faults.map(({ draw }) => draw)).toEqual([5]);
  expect([plan.nemesis, plan.nodes, plan.concurrency]).toEqual([['pause'], 4, 3]);
  expect(plan.settings).toEqual({ reads: 'local', batch: '256' });
  expect(plan.conditions).toEqual({
    ...calmConditions,
    network: { ...calmConditions.network, loss: 0.025 },
  });
  expect(plan.faults[0]?.durationMs).toBe(100);
  expect(plan.timeMs).toBeLessThan(10_000);
});

it('needs nothing for a failure that is always there', async () => {
  const plan = await smallest(() => true);
  expect([plan.operations, plan.faults, plan.nodes, plan.concurrency]).toEqual([[], [], 1, 1]);
});

it('keeps three nodes while there are faults', async () => {
  const plan = await smallest(({ faults }) => faults.length > 1);
  expect([plan.faults.length, plan.nodes]).toEqual([2, 3]);
});
