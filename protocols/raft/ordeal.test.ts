import { beforeAll, describe, expect, it } from 'vitest';
import type { NodeId } from '../../core/node-id.ts';
import { type Rng, rngOf } from '../../core/rng.ts';
import type { TestCluster } from '../testing/cluster.ts';
import { faultKinds } from '../testing/faults.ts';
import { type OrdealOptions, type OrdealReport, ordeal } from '../testing/ordeal.ts';
import { raftInvariants } from './invariants.ts';
import type { RaftMessage } from './messages.ts';
import { raftBugs } from './bugs/index.ts';
import { memberBugs } from './bugs/members.ts';
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
  let reports: readonly OrdealReport[] = [];
  beforeAll(() => {
    reports = Array.from({ length: 60 }, (_, seed) => ordeal(seed, usual));
  }, 120_000);

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
    const easy = paths.filter((name) => sum(reports, (r) => r.counters[name] ?? 0) <= 10);
    expect(easy).toEqual([]);
    const chunks = sum(reports, (r) => r.counters.snapshotChunksSent ?? 0);
    expect(chunks).toBeGreaterThan(3 * sum(reports, (r) => r.counters.snapshotsSent ?? 0));
    expect(sum(reports, (r) => r.applied)).toBeGreaterThan(10_000);
    expect(sum(reports, (r) => r.reads)).toBeGreaterThan(1000);
  });

  it('plays the same run for the same seed', () => {
    expect(ordeal(3, usual)).toEqual(ordeal(3, usual));
  });
});

type Strike = NonNullable<NonNullable<Options['fixed']>['onSend']>;

function fixing(fixed: Record<string, string>): (rng: Rng) => Record<string, string> {
  return (rng) => ({ ...settings(rng), ...fixed });
}

/** A draw that depends on the moment alone, so that runs repeat. */
function chance(cluster: TestCluster<RaftState, RaftMessage>, share: number): boolean {
  return rngOf(Math.floor(cluster.nowMs() * 1000), 'chance').float() < share;
}

/** Power fails right after such a message has left, if anything is not yet on disk. */
function powerAfter(which: (message: RaftMessage) => boolean, share: number): Strike {
  return ({ from, message }, cluster) => {
    const node = cluster.node(from);
    if (!which(message) || node.unsynced() === 0 || !chance(cluster, share)) return;
    cluster.soon(() => node.crash());
    cluster.after(1, () => node.start());
  };
}

function isolate(
  cluster: TestCluster<RaftState, RaftMessage>,
  node: NodeId,
  durationMs: number,
): void {
  const others = cluster.ids.filter((id) => id !== node);
  cluster.split([node], others);
  cluster.after(durationMs, () => {
    for (const other of others) {
      cluster.links.mend(node, other);
      cluster.links.mend(other, node);
    }
  });
}

/** A new leader is cut off before its no-op gets anywhere. */
const isolateNewLeader: Strike = ({ from, message }, cluster) => {
  const isNoOp = message.kind === 'append' && message.entries[0]?.command === null;
  if (isNoOp && chance(cluster, 0.3)) isolate(cluster, from, 200);
};

/** A leader sleeps with answers to its heartbeat in its ears, and wakes up cut off. */
const stallLeader: Strike = ({ from, message }, cluster) => {
  if (message.kind !== 'heartbeat' || !chance(cluster, 0.03)) return;
  cluster.soon(() => cluster.node(from).pause());
  cluster.after(10, () => isolate(cluster, from, 400));
  cluster.after(300, () => cluster.node(from).resume());
};

const restless = { heartbeatMs: '20', electionMs: '60', preVote: 'off', checkQuorum: 'off' };

/**
 * What brings a mistake to light where the usual ordeal rarely does: the moment it needs, and without
 * the safeguards that hide it.
 */
const light: Record<string, Partial<Options>> = {
  'raft-vote-not-durable': {
    settings: fixing({ preVote: 'off', electionSpreadMs: '20', reads: 'index' }),
    kinds: ['isolate-leader'],
    fixed: {
      fsyncMs: [5, 10],
      onSend: powerAfter((each) => each.kind === 'vote-reply' && each.granted, 1),
    },
  },
  'raft-ack-not-durable': {
    kinds: ['isolate'],
    fixed: {
      fsyncMs: [5, 20],
      onSend: powerAfter(({ kind }) => kind === 'append-reply', 0.05),
    },
  },
  'raft-leader-not-durable': {
    sizes: [3],
    kinds: ['isolate-leader'],
    fixed: {
      fsyncMs: [1, 40],
      links: { delayMs: [0.2, 5], loss: 0.3 },
      onSend: powerAfter(({ kind }) => kind === 'commit', 0.2),
    },
  },
  'raft-commit-old-term': {
    settings: fixing({
      ...restless,
      ...{ maxBatch: '1', maxInflight: '1', reads: 'index', electionSpreadMs: '60' },
    }),
    sizes: [3],
    kinds: ['isolate-leader'],
    fixed: { fsyncMs: [0.1, 2], links: { delayMs: [0.2, 5] }, onSend: isolateNewLeader },
  },
  'raft-commit-past-match': { settings: fixing({ maxBatch: '1' }) },
  'raft-duplicate-vote-counted': { sizes: [5] },
  'raft-stale-vote-counted': {
    settings: fixing({ ...restless, reads: 'index', electionSpreadMs: '20' }),
    kinds: ['isolate', 'isolate-leader'],
    fixed: { links: { delayMs: [0.2, 20], reordering: 0.4, slowMs: [20, 250] } },
  },
  'raft-lease-from-ack': {
    settings: fixing({
      ...{ preVote: 'off', reads: 'lease', heartbeatMs: '20' },
      ...{ electionMs: '150', electionSpreadMs: '20' },
    }),
    kinds: [],
    fixed: { links: { delayMs: [0.2, 1] }, onSend: stallLeader },
  },
};

/**
 * These need more than an agreement alone: clients of their own, on all sides; other members; or power that
 * fails between two syncs.
 */
const elsewhere = new Set([
  ...memberBugs.map(({ name }) => name),
  'raft-own-vote-not-durable',
  'raft-vote-reset-same-term',
  'raft-ack-last-index',
  'raft-readindex-token',
  'raft-lease-wall-clock',
  'raft-no-prevote',
  'raft-vote-record-torn',
]);

function isForHere({ name }: { readonly name: string }): boolean {
  return !elsewhere.has(name);
}

describe('the same ordeal convicts', () => {
  const maxSeeds = 200;

  it.each(raftBugs.filter(isForHere).map(({ name, plant }) => [name, plant(raft)] as const))(
    '%s',
    { timeout: 120_000 },
    (name, consensus) => {
      const options = { ...usual, consensus, ...light[name] };
      for (let seed = 0; seed < maxSeeds; seed++) {
        const { violation } = ordeal(seed, options);
        if (violation !== undefined && violation.invariant !== 'progress') return;
      }
      expect.fail(`expected ${name} to be convicted within ${String(maxSeeds)} seeds, it was not`);
    },
  );

  it('but not Raft itself in the same light', { timeout: 120_000 }, () => {
    for (const each of Object.values(light)) {
      for (let seed = 0; seed < 5; seed++) {
        expect(ordeal(seed, { ...usual, ...each }).violation).toBeUndefined();
      }
    }
  });
});
