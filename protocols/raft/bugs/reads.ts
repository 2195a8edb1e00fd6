import { wordsOf } from '../../../core/bug.ts';
import { rngOf } from '../../../core/rng.ts';
import type { RaftState } from '../state.ts';
import type { RaftEffect } from '../turn.ts';
import { type RaftBug, type RaftInput, bent, onMessage } from './bend.ts';
import { laggards, lonelyLeaders, lostLeaders } from './hunts.ts';

/** Reads without the log, and what they rest on. */
export const readBugs: readonly RaftBug[] = [
  {
    name: 'raft-stale-leader-read',
    summary: 'The leader answers reads from its own state: no log, ReadIndex or lease.',
    source: 'Raft §8; etcd 0.4.1 (jepsen.io, etcd 3.4.3); hashicorp/consul#54',
    anomaly: 'stale read',
    hunt: lonelyLeaders,
    plant: bent({
      after: (state, effects) => [...effects, ...readsAnswered(state, Infinity)],
    }),
  },
  {
    name: 'raft-follower-read',
    summary: 'Any node answers reads from what it has applied.',
    source: "jepsen-io/etcd README (etcd's serializable reads)",
    anomaly: 'stale read',
    hunt: wordsOf('register -n 3 --rate 100 --time 5s --nemesis none'),
    plant: (base) => ({
      ...base,
      step: (state, input, nowMs) =>
        input.kind === 'read'
          ? [{ kind: 'readable', id: input.id, index: state.appliedIndex }]
          : base.step(state, input, nowMs),
    }),
  },
  {
    name: 'raft-readindex-no-term',
    summary: 'Reads are answered before the leader has committed an entry of its own term.',
    source: "Ongaro's dissertation §6.4; etcd-io/etcd#7331, tikv/tikv#6340, RedisLabs/redisraft#22",
    anomaly: 'stale read',
    hunt: lostLeaders,
    plant: bent({
      after: (state, effects) => [
        ...effects,
        ...readsAnswered(state, state.leading?.confirmedRound ?? 0),
      ],
    }),
  },
  {
    name: 'raft-readindex-token',
    summary:
      'Heartbeats carry no number of their round: a late answer to one confirms reads that came after it.',
    source: 'etcd-io/etcd#20418, etcd-io/etcd#21399, etcd-io/raft#397',
    anomaly: 'stale read',
    hunt: laggards,
    plant: bent({
      before: onMessage((message, { leading }) =>
        message.kind === 'heartbeat-reply' && leading !== undefined
          ? { ...message, round: leading.lastRound }
          : message,
      ),
    }),
  },
  {
    name: 'raft-lease-from-ack',
    summary: 'The lease runs from the arrival of answers, not from the sending of heartbeats.',
    source: "Ongaro's dissertation §6.4.1; sofastack/sofa-jraft#25, sofastack/sofa-jraft#34",
    anomaly: 'stale read',
    hunt: [...laggards, '--reads', 'lease'],
    plant: bent({
      before(state, input, nowMs) {
        const { leading } = state;
        if (input.kind !== 'message' || leading === undefined) return input;
        leading.rounds = leading.rounds.map(({ round }) => ({ round, sentMs: nowMs }));
        return input;
      },
    }),
  },
  {
    name: 'raft-lease-wall-clock',
    summary:
      'The lease, and how long ago a majority answered, go by the wall clock, which is set back at times.',
    source: 'tikv/tikv#964, sofastack/sofa-jraft#26',
    anomaly: 'stale read',
    hunt: wordsOf(
      'register -n 3 -c 60 --rate 200 --time 10s --timeout 500ms --read-ratio 0.7 --reads lease --set electionMs=200 --set electionSpreadMs=20 --set preVote=off --nemesis partition:isolate-leader --nemesis-interval 700ms',
    ),
    plant: (base) => bent({ before: byWallClock() })(base),
  },
];

function readsAnswered({ leading, commitIndex }: RaftState, round: number): RaftEffect[] {
  if (leading === undefined) return [];
  const ready = leading.reads.filter((read) => read.round <= round);
  leading.reads.splice(0, ready.length);
  return ready.map(({ id }) => ({ kind: 'readable', id, index: commitIndex }));
}

/** When the wall clock is set, all moments that were noted by it seem to have been earlier or later. */
function byWallClock(): (state: RaftState, input: RaftInput, nowMs: number) => RaftInput {
  const before = new WeakMap<RaftState, number>();
  return (state, input, nowMs) => {
    const setBack = setBackMs(state, nowMs);
    const shiftMs = setBack - (before.get(state) ?? setBack);
    before.set(state, setBack);
    const { leading } = state;
    if (leading === undefined || shiftMs === 0) return input;
    leading.confirmedMs += shiftMs;
    leading.rounds = leading.rounds.map(({ round, sentMs }) => ({
      round,
      sentMs: sentMs + shiftMs,
    }));
    for (const progress of Object.values(leading.progress)) progress.heardMs += shiftMs;
    return input;
  };
}

const synchronisedEveryMs = 2000;

/** How far the wall clock is behind the monotonic one; each node's own, and drawn from its seed. */
function setBackMs({ seed, self }: RaftState, atMs: number): number {
  const times = Math.floor(atMs / synchronisedEveryMs);
  if (!Number.isFinite(times)) return 0;
  return 500 * rngOf(seed, `${self}/wall clock/${String(times)}`).float();
}
