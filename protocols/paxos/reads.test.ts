import { describe, expect, it } from 'vitest';
import { type TestCluster, testCluster } from '../testing/cluster.ts';
import { type Paxos, paxosBugs } from './bugs/index.ts';
import type { PaxosMessage } from './messages.ts';
import { paxos } from './paxos.ts';
import type { PaxosState } from './state.ts';

type Cluster = TestCluster<PaxosState, PaxosMessage>;

function clusterOf(consensus: Paxos, settings: Record<string, string>, nodes = 3): Cluster {
  return testCluster({ consensus, nodes, seed: 3, settings, linearizableReads: false });
}

function electedLeader(cluster: Cluster): string {
  cluster.runUntil('a leader', () => cluster.leader() !== undefined, 2000);
  cluster.runFor(100);
  return cluster.leader() ?? '';
}

/** A read at the node, right now, and whether it misses something that was committed before. */
function isStale(cluster: Cluster, node: string): boolean {
  const reading = cluster.read(node);
  cluster.runFor(1000);
  return reading.phase === 'readable' && (reading.index ?? 0) < reading.floor;
}

/**
 * One follower loses sight of the leader, which the other one still serves, and stands for election.
 * When it leads, the old leader is cut off before it hears of that.
 */
function newLeaderBehindTheOldOnesBack(consensus: Paxos): boolean {
  const cluster = clusterOf(consensus, { reads: 'lease', heartbeatMs: '100', electionMs: '300' });
  const old = electedLeader(cluster);
  const others = cluster.ids.filter((id) => id !== old);
  const [candidate = ''] = others;
  const before = cluster.node(old).status()?.term ?? 0;
  cluster.split([old], [candidate]);
  const leads = (): boolean =>
    (cluster.node(candidate).status()?.term ?? 0) > before && cluster.leader() === candidate;
  // As the correct acceptors hear their leader, they refuse until that is cut off.
  for (let waitedMs = 0; waitedMs < 1000 && !leads(); waitedMs++) cluster.runFor(1);
  cluster.split([old], others);
  cluster.runUntil('a new leader', () => cluster.leader() !== old, 3000);
  const proposal = cluster.propose(cluster.leader() ?? '', 'new');
  cluster.runUntil('the new command to be chosen', () => proposal.applied, 1000);
  return isStale(cluster, old);
}

/** The leader is paused with answers to its heartbeat on their way, and resumed after a new election. */
function answersReadLate(consensus: Paxos): boolean {
  const cluster = clusterOf(consensus, { reads: 'lease', heartbeatMs: '50', electionMs: '300' });
  const old = electedLeader(cluster);
  const others = cluster.ids.filter((id) => id !== old);
  const beats = (): number => cluster.node(old).counters().heartbeats ?? 0;
  const before = beats();
  cluster.runUntil('a heartbeat', () => beats() > before, 200);
  cluster.node(old).pause();
  cluster.runFor(10);
  cluster.split([old], others);
  cluster.runUntil('a new leader', () => cluster.leader() !== old, 3000);
  const proposal = cluster.propose(cluster.leader() ?? '', 'new');
  cluster.runUntil('the new command to be chosen', () => proposal.applied, 1000);
  cluster.node(old).resume();
  // What was held back comes before the read.
  cluster.runFor(0);
  return isStale(cluster, old);
}

describe('lease reads', () => {
  it.each([
    ['paxos-lease-no-grace', newLeaderBehindTheOldOnesBack],
    ['paxos-lease-from-ack', answersReadLate],
  ] as const)('are stale with %s, and only with it', (id, attack) => {
    const bug = paxosBugs.find((each) => each.name === id);
    expect(attack(bug!.plant(paxos))).toBe(true);
    expect(attack(paxos)).toBe(false);
  });

  it('need no message while the lease lasts', () => {
    const cluster = clusterOf(paxos, { reads: 'lease' });
    const leader = electedLeader(cluster);
    const sent = cluster.links.counts.sent;
    expect(cluster.read(leader).phase).toBe('readable');
    expect(cluster.links.counts.sent).toBe(sent);
  });

  it('wait for a restarted acceptor to forget what it may have lent', () => {
    const cluster = clusterOf(paxos, { reads: 'lease' });
    const leader = electedLeader(cluster);
    const follower = cluster.node(cluster.ids.find((id) => id !== leader) ?? '');
    follower.crash();
    follower.start();
    const graceMs = (follower.state?.grantedUntilMs ?? 0) - follower.localMs();
    expect(graceMs).toBe(300);
  });
});

describe('index reads', () => {
  it('are rejected when the leader reaches no quorum any more', () => {
    const cluster = clusterOf(paxos, {});
    const leader = electedLeader(cluster);
    cluster.split(
      [leader],
      cluster.ids.filter((id) => id !== leader),
    );
    const reading = cluster.read(leader);
    cluster.runUntil('an answer', () => reading.phase !== 'asked', 700);
    expect(reading.phase).toBe('rejected');
  });

  it('that come together share a round', () => {
    const cluster = clusterOf(paxos, {});
    const leader = electedLeader(cluster);
    const sent = cluster.links.counts.sent;
    const readings = Array.from({ length: 100 }, () => cluster.read(leader));
    cluster.runFor(10);
    expect(readings.every(({ phase }) => phase === 'readable')).toBe(true);
    expect(cluster.links.counts.sent - sent).toBeLessThan(20);
  });

  it('beyond the bound are refused as overload', () => {
    const cluster = clusterOf(paxos, { maxReads: '5' });
    const leader = electedLeader(cluster);
    const phases = Array.from({ length: 8 }, () => cluster.read(leader).phase);
    expect(phases.filter((phase) => phase === 'rejected')).toHaveLength(3);
  });
});

it('local reads are answered by any node, and may be stale', () => {
  const cluster = clusterOf(paxos, { reads: 'local' });
  const leader = electedLeader(cluster);
  const lonely = cluster.ids.find((id) => id !== leader) ?? '';
  cluster.split(
    [lonely],
    cluster.ids.filter((id) => id !== lonely),
  );
  const proposal = cluster.propose(leader, 'x');
  cluster.runUntil('x to be chosen', () => proposal.applied, 1000);
  expect(cluster.read(lonely)).toMatchObject({ phase: 'readable', index: 0, floor: 1 });
});
