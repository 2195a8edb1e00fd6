import { describe, expect, it } from 'vitest';
import type { Rng } from '../../core/rng.ts';
import { faultKinds } from '../testing/faults.ts';
import { type OrdealOptions, type OrdealReport, ordeal } from '../testing/ordeal.ts';
import { raftInvariants } from './invariants.ts';
import type { RaftMessage } from './messages.ts';
import { raftMutants } from './mutants.ts';
import { raft } from './raft.ts';
import type { RaftState } from './state.ts';

type Options = OrdealOptions<RaftState, RaftMessage>;

/** Small batches and narrow time-outs show what large batches and wide ones hide. */
function settings(rng: Rng): Record<string, string> {
  const drawn = {
    maxBatch: rng.pick([1, 1, 4, 256]),
    maxInflight: rng.pick([1, 4, 16]),
    maxUncommitted: rng.pick([20, 200]),
    snapshotChunk: rng.pick([50, 1000, 65536]),
    keepEntries: rng.pick([0, 5, 1000]),
    electionMs: rng.pick([150, 300]),
    electionSpreadMs: rng.pick([20, 150, 300]),
    reads: rng.pick(['index', 'index', 'lease']),
    preVote: rng.pick(['on', 'on', 'off']),
  };
  return Object.fromEntries(Object.entries(drawn).map(([name, value]) => [name, String(value)]));
}

const usual: Options = {
  consensus: raft,
  invariants: raftInvariants,
  durationMs: 6000,
  calmMs: 60_000,
  settings,
};

function sum(reports: readonly OrdealReport[], of: (report: OrdealReport) => number): number {
  return reports.reduce((total, report) => total + of(report), 0);
}

describe('Raft under every fault at once', () => {
  const reports = Array.from({ length: 60 }, (_, seed) => ordeal(seed, usual));

  it('keeps every promise, and makes progress once all is healed', () => {
    const broken = reports.flatMap(({ seed, violation }) =>
      violation === undefined ? [] : [`seed ${String(seed)}: ${violation.message}`],
    );
    expect(broken).toEqual([]);
  });

  it('had it hard: all faults struck, all paths were taken', () => {
    for (const kind of faultKinds) expect(sum(reports, (r) => r.faults[kind])).toBeGreaterThan(20);
    for (const name of ['lost', 'duplicated', 'reordered', 'cut'] as const) {
      expect(sum(reports, (r) => r.links[name])).toBeGreaterThan(1000);
    }
    const paths = ['elections', 'electionsWon', 'stepDowns', 'preVotes', 'truncations'];
    paths.push('appendsRefused', 'snapshotsInstalled', 'compactions', 'readRounds', 'leaseReads');
    for (const name of paths) {
      expect([name, sum(reports, (r) => r.counters[name] ?? 0)]).toEqual([
        name,
        expect.any(Number),
      ]);
      expect(sum(reports, (r) => r.counters[name] ?? 0)).toBeGreaterThan(10);
    }
    expect(sum(reports, (r) => r.counters['snapshotChunksSent'] ?? 0)).toBeGreaterThan(
      3 * sum(reports, (r) => r.counters['snapshotsSent'] ?? 0),
    );
    expect(sum(reports, (r) => r.applied)).toBeGreaterThan(10_000);
    expect(sum(reports, (r) => r.reads)).toBeGreaterThan(1000);
  });

  it('plays the same run for the same seed', () => {
    expect(ordeal(3, usual)).toEqual(ordeal(3, usual));
  });
});

/** What brings a mistake to light: see the notes on what hides bugs beside each. */
const light: Record<string, Partial<Options>> = {
  // Random power loss practically never hits the moment: strike right after the reply has left.
  'raft-vote-not-durable': {
    settings: fixing({ preVote: 'off', electionSpreadMs: '20', reads: 'index' }),
    kinds: ['isolate-leader'],
    fixed: {
      fsyncMs: [5, 10],
      onSend: ({ from, message }, cluster) => {
        if (message.kind !== 'vote-reply' || !message.granted) return;
        cluster.soon(() => cluster.node(from).crash());
        cluster.after(1, () => cluster.node(from).start());
      },
    },
  },
  'raft-ack-not-durable': { kinds: ['power', 'isolate-leader'], fixed: { fsyncMs: [5, 20] } },
  'raft-leader-not-durable': { kinds: ['power', 'isolate-leader'], fixed: { fsyncMs: [5, 20] } },
  'raft-commit-old-term': { settings: fixing({ maxBatch: '1', reads: 'index' }) },
  'raft-commit-past-match': { settings: fixing({ maxBatch: '1' }) },
  'raft-ack-last-index': { settings: fixing({ maxBatch: '1' }) },
  'raft-duplicate-vote-counted': { sizes: [5] },
  'raft-stale-vote-counted': { settings: fixing({ preVote: 'off', electionSpreadMs: '20' }) },
};

function fixing(fixed: Record<string, string>): (rng: Rng) => Record<string, string> {
  return (rng) => ({ ...settings(rng), ...fixed });
}

describe('the same ordeal convicts', () => {
  const maxSeeds = 600;

  it.each(raftMutants.map((mutant) => [mutant.name, mutant] as const))(
    '%s',
    (name, consensus) => {
      const options = { ...usual, consensus, ...light[name] };
      for (let seed = 0; seed < maxSeeds; seed++) {
        const { violation } = ordeal(seed, options);
        if (violation !== undefined && violation.invariant !== 'progress') return;
      }
      expect.fail(`expected ${name} to be convicted within ${String(maxSeeds)} seeds, it was not`);
    },
    120_000,
  );

  it('but not Raft itself in the same light', () => {
    for (const each of Object.values(light)) {
      for (let seed = 0; seed < 5; seed++) {
        expect(ordeal(seed, { ...usual, ...each }).violation).toBeUndefined();
      }
    }
  });
});
