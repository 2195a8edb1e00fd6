import { describe, expect, it } from 'vitest';
import { type ClusterOptions, type Sent } from '../testing/surroundings.ts';
import { type TestCluster, testCluster } from '../testing/cluster.ts';
import { raftInvariants } from './invariants.ts';
import type { RaftMessage } from './messages.ts';
import { raft } from './raft.ts';
import type { RaftState } from './state.ts';

type Cluster = TestCluster<RaftState, RaftMessage>;

function elected(options: Partial<ClusterOptions<RaftState, RaftMessage>> = {}): {
  readonly cluster: Cluster;
  readonly leader: string;
} {
  const base = { consensus: raft, nodes: 3, seed: 1, invariants: raftInvariants };
  const cluster = testCluster({ ...base, ...options });
  cluster.runUntil('a leader', () => cluster.leader() !== undefined, 3000);
  cluster.runFor(100);
  return { cluster, leader: cluster.leader() ?? '' };
}

describe('Raft', () => {
  it('elects a leader within a few timeouts, in clusters of any size', () => {
    for (const nodes of [1, 2, 3, 4, 5, 7]) {
      for (let seed = 0; seed < 10; seed++) {
        const { cluster } = elected({ nodes, seed });
        expect(cluster.nowMs()).toBeLessThan(2500);
      }
    }
  });

  it('costs nothing but heartbeats and their answers while it is idle', () => {
    const sent: Sent<RaftMessage>[] = [];
    const steps: string[] = [];
    const { cluster } = elected({
      onSend: (each) => sent.push(each),
      invariants: [
        { name: 'count', watch: () => ({ look: (_n, _s, input) => (steps.push(input), null) }) },
      ],
    });
    sent.length = 0;
    steps.length = 0;
    cluster.runFor(10_000);
    const kinds = new Set(sent.map(({ message }) => message.kind));
    expect([...kinds].sort()).toEqual(['heartbeat', 'heartbeat-reply']);
    expect(steps.filter((input) => input === 'tick').length).toBeLessThanOrEqual(201);
    expect(steps.length).toBeLessThanOrEqual(5 * 201);
  });

  it('replaces a dead leader within about two election timeouts', () => {
    const { cluster, leader } = elected();
    cluster.node(leader).crash();
    const next = (): boolean => ![undefined, leader].includes(cluster.leader());
    cluster.runUntil('another leader', next, 1500);
  });

  it('writes to its own disk while the followers write to theirs', () => {
    const { cluster, leader } = elected({ links: { delayMs: [1, 1] }, fsyncMs: [1, 1] });
    const proposal = cluster.propose(leader, 'x');
    cluster.runFor(2.9);
    expect(proposal.applied).toBe(false);
    // There, to disk, and back; the leader's own millisecond is hidden behind these three.
    cluster.runFor(0.2);
    expect(proposal.applied).toBe(true);
  });

  it('answers reads within one round trip, and a hundred with at most two rounds', () => {
    const { cluster, leader } = elected();
    const before = cluster.node(leader).counters().readRounds ?? 0;
    const readings = Array.from({ length: 100 }, () => cluster.read(leader));
    cluster.runFor(5);
    expect(readings.every(({ phase }) => phase === 'readable')).toBe(true);
    const rounds = (cluster.node(leader).counters().readRounds ?? 0) - before;
    expect(rounds).toBeLessThanOrEqual(2);
  });

  it('answers reads from its lease without a message', () => {
    const sent: Sent<RaftMessage>[] = [];
    const { cluster, leader } = elected({
      settings: { reads: 'lease' },
      onSend: (each) => sent.push(each),
    });
    sent.length = 0;
    expect(cluster.read(leader).phase).toBe('readable');
    expect(sent).toEqual([]);
  });

  it('gives stale answers with reads=local, as promised', () => {
    const { cluster, leader } = elected({
      settings: { reads: 'local' },
      linearizableReads: false,
    });
    const [lagging = ''] = cluster.ids.filter((id) => id !== leader);
    cluster.split(
      [lagging],
      cluster.ids.filter((id) => id !== lagging),
    );
    const proposal = cluster.propose(leader, 'x');
    cluster.runUntil('the command', () => proposal.applied, 100);
    const reading = cluster.read(lagging);
    expect(reading.index).toBeLessThan(reading.floor);
  });

  it('tells a client that it does not lead, and who does', () => {
    const { cluster, leader } = elected();
    const [other = ''] = cluster.ids.filter((id) => id !== leader);
    expect(cluster.propose(other, 'x').phase).toBe('rejected');
    expect(cluster.node(other).status()?.leader).toBe(leader);
  });

  it('pushes back when too much is not yet committed', () => {
    const { cluster, leader } = elected({ settings: { maxUncommitted: '50' } });
    const all = Array.from({ length: 80 }, (_, at) => cluster.propose(leader, at));
    cluster.runFor(20);
    expect(all.filter(({ phase }) => phase === 'rejected')).toHaveLength(30);
    expect(all.filter(({ applied }) => applied)).toHaveLength(50);
  });

  it('brings a follower that was away for long up to date by a snapshot', () => {
    const settings = { keepEntries: '10', snapshotChunk: '100' };
    const { cluster, leader } = elected({ settings, compactEvery: 50 });
    const [away = ''] = cluster.ids.filter((id) => id !== leader);
    cluster.node(away).crash();
    for (let at = 0; at < 500; at++) cluster.propose(leader, `command-${String(at)}`);
    cluster.runFor(500);
    cluster.node(away).start();
    const { height } = cluster.ledger;
    const isBack = (): boolean => cluster.node(away).machine.appliedIndex === height;
    cluster.runUntil('the follower to catch up', isBack, 2000);
    expect(cluster.node(away).counters().snapshotsInstalled).toBe(1);
  });

  it('keeps a state that is plain data', () => {
    const { cluster, leader } = elected();
    const state = cluster.node(leader).state;
    expect(structuredClone(state)).toEqual(state);
  });

  it('refuses a disk that is not its own', () => {
    const options = { self: 'n1', nodes: ['n1'], seed: 1, nowMs: 0, settings: {} };
    const init = (durable: Parameters<typeof raft.init>[0]['durable']) => () =>
      raft.init({ ...options, durable });
    expect(init({ records: [{ kind: 'promise' }] })).toThrow("expected a record of Raft's");
    expect(init({ records: [{ kind: 'entries', index: 3, entries: [] }] })).toThrow('got 3');
    const snapshot = { index: 3, meta: { ballot: 1 }, machine: '' };
    expect(init({ snapshot, records: [] })).toThrow("expected a snapshot's meta to hold a term");
  });
});
