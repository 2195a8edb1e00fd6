import { wordsOf } from '../../../core/bug.ts';
import type { Reply } from '../../../core/protocol.ts';
import type { ReplicaBug } from '../../bug.ts';
import type { Consensus } from '../../consensus.ts';
import { leaveStage, notLeader, settle } from '../settle.ts';
import type { Pending, ReplicaState } from '../state.ts';
import { around } from './around.ts';

const done: Reply = { kind: 'ok', value: null };

/** Whoever waits for a proposal to be applied. */
function proposals<Inner>({ proposed }: ReplicaState<Inner>): readonly Pending[] {
  return [...proposed.values()].flat();
}

/** What a leader can tell the clients that wait for their writes, and be wrong. */
export const answerBugs: readonly ReplicaBug[] = [
  {
    name: 'raft-ack-on-append',
    summary: 'The leader answers a write when it stands in its own log.',
    source: 'Raft §5.3',
    anomaly: 'an acknowledged write is lost',
    hunt: wordsOf(
      'register -n 3 --rate 100 --time 10s --nemesis partition:isolate-leader,kill:leader --nemesis-interval 1s',
    ),
    plant: (consensus) =>
      around(consensus, () => (turn) => {
        for (const pending of proposals(turn.state)) {
          if (pending.request.op === 'set') settle(turn, pending, done);
        }
      }),
  },
  {
    name: 'raft-ack-by-index',
    summary: 'A write is answered when its index is committed, whoever wrote what stands there.',
    source: 'kurrent-io/KurrentDB#3472, Hoverbear/old-raft-rs#115',
    anomaly: 'an acknowledged write is lost',
    hunt: wordsOf(
      'register -n 3 -c 20 --rate 200 --time 10s --timeout 5s --set requestTimeoutMs=5000 --nemesis partition:isolate-leader --nemesis-interval 1s',
    ),
    plant: ackByIndex,
  },
  {
    name: 'raft-stepdown-as-fail',
    summary: 'A leader that steps down tells those who wait that their writes have failed.',
    source: 'databendlabs/openraft#2095, tidwall/summitdb#5',
    anomaly: 'a write that failed is read',
    hunt: wordsOf(
      'register -n 5 -c 20 --rate 200 --time 10s --nemesis partition:isolate-leader,pause:leader,flaky --nemesis-interval 1s',
    ),
    plant: (consensus) =>
      around(consensus, ({ view }) => (turn) => {
        const { state } = turn;
        if (!view.leading || state.view.leading) return;
        for (const pending of proposals(state)) settle(turn, pending, notLeader(state.view.leader));
      }),
  },
];

/** Takes the waiting out before the store can see that another command stands at their index. */
function ackByIndex<Inner, Message>(
  consensus: Consensus<Inner, Message>,
): ReturnType<typeof around<Inner, Message>> {
  let current: ReplicaState<Inner> | undefined;
  let passed: Pending[] = [];
  const watched: Consensus<Inner, Message> = {
    ...consensus,
    step(agreement, input, nowMs) {
      const effects = consensus.step(agreement, input, nowMs);
      for (const effect of effects) {
        if (effect.kind !== 'apply' || current === undefined) continue;
        for (const { index } of effect.entries) {
          for (const pending of current.proposed.get(index) ?? []) {
            if (pending.request.op !== 'set') continue;
            leaveStage(current, pending);
            passed.push(pending);
          }
        }
      }
      return effects;
    },
  };
  return around(watched, (state) => {
    current = state;
    passed = [];
    return (turn) => {
      for (const pending of passed) settle(turn, pending, done);
    };
  });
}
