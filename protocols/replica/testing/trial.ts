import type { Protocol, Reply } from '../../../core/protocol.ts';
import { type Rng, rngOf } from '../../../core/rng.ts';
import { takeSnapshot } from '../../kv/index.ts';
import { type TestCluster, testCluster } from '../../testing/cluster.ts';
import { type FaultCounts, faultKinds, strike } from '../../testing/faults.ts';
import { steadyLinks } from '../../testing/links.ts';
import type { ReplicaMessage, ReplicaState } from '../index.ts';
import { asConsensus } from './as-consensus.ts';
import { type Clients, startClients } from './clients.ts';
import { type Deed, wrongIn } from './deeds.ts';

export interface TrialOptions<Inner, Message> {
  readonly protocol: Protocol<ReplicaState<Inner>, ReplicaMessage<Message>>;
  /** Settings of the agreement, and any others that shall not be drawn. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly sessions?: boolean;
  readonly durationMs: number;
}

export interface TrialReport {
  readonly wrong: readonly string[];
  readonly deeds: readonly Deed[];
  readonly faults: FaultCounts;
  /** Summed over the nodes at the end. */
  readonly counters: Readonly<Record<string, number>>;
}

/** How long a healed cluster may take to answer again and to agree. */
const calmMs = 20_000;

/**
 * One seed's worth of clients and faults on a whole replica, then calm and judgement: every write is
 * there as often as its answer allows, reads and writes have one order, and all replicas are equal.
 */
export function trial<Inner, Message>(
  seed: number,
  options: TrialOptions<Inner, Message>,
): TrialReport {
  const rng = rngOf(seed, 'trial');
  const heard: { clients?: Clients; final?: (reply: Reply) => void } = {};
  const onReply = (id: number, reply: Reply): void =>
    id < 0 ? heard.final?.(reply) : heard.clients?.answered(id, reply);
  const settings = { ...drawSettings(rng.split('settings')), ...options.settings };
  const cluster = testCluster<ReplicaState<Inner>, ReplicaMessage<Message>>({
    ...{ consensus: asConsensus(options.protocol, onReply), seed, settings },
    ...drawSurroundings(rng.split('surroundings')),
  });
  const clients = startClients(cluster, drawClients(rng, options), rng.split('clients'));
  heard.clients = clients;
  const faults = strike(cluster, drawFaults(rng, options.durationMs), rng.split('faults'));
  cluster.runFor(options.durationMs);
  cluster.links.treat(steadyLinks);
  cluster.healAll();
  cluster.runUntil('every client to finish', () => clients.busy() === 0, calmMs);
  const final = finalValues(cluster, heard);
  const linearizable = settings.reads !== 'local';
  const wrong = [...wrongIn(clients.deeds, final, linearizable), ...divergence(cluster)];
  return { wrong, deeds: clients.deeds, faults, counters: totals(cluster) };
}

function drawSettings(rng: Rng): Record<string, string> {
  return {
    requestTimeoutMs: rng.pick(['100', '500', '2000']),
    snapshotEntries: rng.pick(['3', '20', '100', '10000']),
    forward: rng.pick(['on', 'on', 'on', 'off']),
    // Of Raft's: with none kept, whoever lags gets a snapshot.
    keepEntries: rng.pick(['0', '1000']),
  };
}

function drawSurroundings(rng: Rng) {
  const sometimes = (most: number): number => (rng.float() < 0.5 ? 0 : rng.float() * most);
  return {
    nodes: rng.pick([3, 3, 5]),
    links: {
      delayMs: [0.2, rng.pick([1, 5, 20])],
      ...{ loss: sometimes(0.1), duplication: sometimes(0.3), reordering: sometimes(0.2) },
    },
    fsyncMs: [0.1, rng.pick([0.2, 2, 20])],
    clockDrift: rng.pick([0, 0.01]),
  } as const;
}

function drawClients(
  rng: Rng,
  { sessions, durationMs }: { sessions?: boolean; durationMs: number },
) {
  return {
    clients: rng.pick([2, 5, 10]),
    sessions: sessions ?? rng.float() < 0.5,
    patienceMs: rng.pick([50, 300, 3000]),
    staminaMs: 4000,
    pauseMs: rng.pick([5, 50]),
    untilMs: durationMs,
  };
}

function drawFaults(rng: Rng, untilMs: number) {
  const kinds = faultKinds.filter(() => rng.float() < 0.6);
  const lastsMs = [20, rng.pick([100, 400, 1500])] as const;
  return { kinds, everyMs: rng.int(60, 700), lastsMs, untilMs };
}

/** Reads every key until the cluster answers, then waits until all replicas have applied the same. */
function finalValues<Inner, Message>(
  cluster: TestCluster<ReplicaState<Inner>, ReplicaMessage<Message>>,
  heard: { final?: (reply: Reply) => void },
): (key: string) => string | null {
  let isDone = false;
  heard.final = (reply) => void (isDone ||= reply.kind === 'ok');
  // A write after everything else: what was in doubt is decided when it is answered.
  const request = { op: 'set', key: 'last', value: '' } as const;
  let id = 0;
  cluster.runUntil(
    'the healed cluster to answer a write',
    () => {
      const leader = cluster.leader();
      if (!isDone && leader !== undefined && Math.floor(cluster.nowMs() / 100) > -id) {
        id = -Math.floor(cluster.nowMs() / 100);
        cluster.soon(() => cluster.node(leader).input({ kind: 'propose', id, command: request }));
      }
      return isDone;
    },
    calmMs,
  );
  const applied = (): number[] => cluster.ids.map((each) => stateOf(cluster, each).appliedIndex);
  cluster.runUntil('all nodes to apply the same', () => new Set(applied()).size === 1, calmMs);
  const { values } = stateOf(cluster, cluster.ids[0] ?? '').machine;
  return (key) => values.get(key) ?? null;
}

function divergence<Inner, Message>(
  cluster: TestCluster<ReplicaState<Inner>, ReplicaMessage<Message>>,
): string[] {
  const snapshots = cluster.ids.map((id) => takeSnapshot(stateOf(cluster, id).machine));
  return new Set(snapshots).size === 1 ? [] : [`replicas differ: ${snapshots.join(' ')}`];
}

function stateOf<Inner, Message>(
  cluster: TestCluster<ReplicaState<Inner>, ReplicaMessage<Message>>,
  id: string,
): ReplicaState<Inner> {
  const { state } = cluster.node(id);
  if (state === undefined) throw new Error(`expected ${id} to run`);
  return state;
}

function totals<Inner, Message>(
  cluster: TestCluster<ReplicaState<Inner>, ReplicaMessage<Message>>,
): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const id of cluster.ids) {
    for (const [name, count] of Object.entries(stateOf(cluster, id).counters)) {
      sums[name] = (sums[name] ?? 0) + count;
    }
  }
  return sums;
}
