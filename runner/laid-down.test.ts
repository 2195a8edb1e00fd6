import { expect, it } from 'vitest';
import { planOf } from '../cli/plan.ts';
import type { RunFlagValues } from '../cli/run-flags.ts';
import { simulate } from '../cli/simulate.ts';
import type { HistoryEvent } from '../core/event.ts';
import type { Plan } from '../core/run.ts';
import { laidDown } from './laid-down.ts';

const plan: Plan = planOf('register', 'sim', {
  ...{ system: 'raft', world: 'sim', nodes: 5, concurrency: 10, rate: 30, time: '20s', ops: 0 },
  ...{ keys: 5, 'ops-per-key': 200, 'read-ratio': '0.5', timeout: '2s', nemesis: 'all' },
  ...{ 'nemesis-interval': '3s', seed: 7, store: '', keep: false, quiet: true },
  ...{ 'fail-fast': false, reads: undefined, forward: undefined, set: undefined },
  ...{ threshold: undefined, junit: undefined },
} as RunFlagValues);
const { conducted } = await simulate(plan);
const explicit = laidDown({ ...conducted, plan });

/** Without what only an open loop has: when an operation should have begun. */
const told = (events: Iterable<HistoryEvent>, untilNs: number): unknown[] =>
  [...events]
    .filter(({ timeNs }) => timeNs < untilNs)
    .map((event) => ({ ...event, dueNs: undefined }));

it('a run whose operations and faults are laid down is the same run again', async () => {
  const again = await simulate(explicit);
  // Idle clients wait for the end of the time where the workload draws, and not where nothing is left.
  const untilNs = Math.min(again.conducted.mainEndNs, conducted.mainEndNs);
  const before = told(conducted.history.events(), untilNs);
  expect(before.length).toBeGreaterThan(500);
  expect(told(again.conducted.history.events(), untilNs)).toEqual(before);
});

it('final operations are not laid down, since they depend on what happened', () => {
  const latestNs = Math.max(...(explicit.operations ?? []).map(({ atNs }) => atNs));
  expect(latestNs).toBeLessThan(conducted.mainEndNs);
});

it('faults keep their targets, but for those of whoever leads', () => {
  expect(explicit.faults.length).toBeGreaterThan(3);
  for (const { variant, fault } of explicit.faults) {
    expect(fault === undefined).toBe(variant.includes('leader'));
  }
});

it('taking faults out leaves the targets of the others where they were', async () => {
  const faults = explicit.faults.filter(({ fault }) => fault !== undefined).slice(1);
  const { history } = (await simulate({ ...explicit, faults })).conducted;
  const begun = [...history.events()].filter(({ phase }) => phase === 'begin');
  const wanted = faults.map(({ fault }) => fault?.summary.replace(' (leader)', ''));
  const got = begun.map(({ value }) =>
    (value as { summary: string }).summary.replace(' (leader)', ''),
  );
  expect(got).toEqual(wanted);
});
