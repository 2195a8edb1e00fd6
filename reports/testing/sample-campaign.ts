import type { CampaignSummary, CombinationSummary, Group } from '../campaign/campaign-summary.ts';

const combination = (reads: string, invalid: number): CombinationSummary => ({
  ...{ workload: 'register', system: 'raft', nemesis: 'kill', settings: `reads ${reads}` },
  ...{ done: 50, total: 50, seedsPerSecond: 8 },
  outcomes: { valid: 49 - invalid, invalid, crashed: 0, unknown: 1 },
});

const group = (outcome: Group['outcome'], kind: string): Group => ({
  ...{ outcome, kind, count: 12 },
  examples: [3, 4].map((seed) => ({
    ...{ combination: 1, seed, reason: `the reason of seed ${seed}`, operations: 10 * seed },
    command: `dtest run register --seed ${seed}`,
    path: seed === 3 ? 'store/register-raft/x' : null,
    stack: outcome === 'crashed' ? 'Error: it threw\n    at step (raft.ts:1:2)' : null,
  })),
});

/** A campaign that failed in one way and threw in another. */
export const sampleCampaign: CampaignSummary = {
  ...{ schema: 1, path: 'store/campaign/x', command: 'dtest campaign --reads index,local' },
  ...{ startedAt: '2026-11-21T09:00:00.000Z', dtest: '0.1.0', node: '24.0.0', seeds: '1..50' },
  ...{ workers: 2, valid: 'invalid', reason: '13 of 100 runs failed', exitCode: 1 },
  ...{ endedEarly: null, done: 100, total: 100, elapsedMs: 9000, seedsPerSecond: 11 },
  ...{ virtualMs: 6_000_000, events: 2_500_000 },
  outcomes: { valid: 85, invalid: 12, crashed: 1, unknown: 2 },
  combinations: [combination('index', 0), combination('local', 12)],
  failures: [group('invalid', 'stale read'), group('crashed', 'it threw')],
  unknowns: [group('unknown', 'no cas ever succeeded')],
  faults: [{ fault: 'kill', injected: 900, bit: 800, runs: 100, runsBitten: 99 }],
  operations: { ok: 80_000, fail: 15_000, info: 5000 },
  operationsPerRun: [{ from: 1000, to: 1999, runs: 100 }],
  bitesPerRun: [{ from: 5, to: 9, runs: 100 }],
  problems: ['seed 9 came out otherwise when it was run again'],
};
