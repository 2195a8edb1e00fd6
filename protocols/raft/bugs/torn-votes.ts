import { wordsOf } from '../../../core/bug.ts';
import type { RaftRecord } from '../records.ts';
import type { RaftState } from '../state.ts';
import type { RaftEffect } from '../turn.ts';
import type { RaftBug, RaftInput } from './bend.ts';

/** Many elections, and power fails between two writes. */
const slowVotes = wordsOf(
  'register -n 5 -c 3 --rate 10 --time 10s --set electionMs=100 --set electionSpreadMs=20 --set heartbeatMs=20 --set preVote=off --set checkQuorum=off --nemesis power:after-syncing,partition:isolate-leader --nemesis-interval 200ms',
);

/** How one node's writes are numbered, where some are two. */
interface Writes {
  /** How many the host was asked for. */
  asked: number;
  /** For each of Raft's own, the host's number of its last part. */
  readonly ends: number[];
  vote: RaftState['vote'];
  /** What waits for the first part to be durable: the second part, and all that comes after it. */
  waiting: { readonly first: number; readonly effects: RaftEffect[] } | null;
}

/** Term and vote go to the disk one after the other. */
export const tornVote: RaftBug = {
  name: 'raft-vote-record-torn',
  summary: 'Term and vote are two records: between them, a new term stands beside an old vote.',
  source: 'hashicorp/raft#661',
  anomaly: 'a vote that nobody asked for',
  hunt: slowVotes,
  plant(base) {
    const known = new WeakMap<RaftState, Writes>();
    return {
      ...base,
      init(options) {
        const state = base.init(options);
        known.set(state, { asked: 0, ends: [], vote: state.vote, waiting: null });
        return state;
      },
      step(state, input, nowMs) {
        const writes = known.get(state);
        if (writes === undefined) throw new Error('expected a state that was begun here');
        const released = releasedBy(writes, input);
        const effects = base.step(state, inOwnNumbers(writes, input), nowMs);
        return [...released, ...effects.flatMap((effect) => inTurn(writes, effect))];
      },
    };
  },
};

function releasedBy(writes: Writes, input: RaftInput): RaftEffect[] {
  const { waiting } = writes;
  if (waiting === null || input.kind !== 'persisted' || input.number < waiting.first) return [];
  writes.waiting = null;
  return waiting.effects.flatMap((effect) => numbered(writes, effect));
}

function inOwnNumbers({ ends }: Writes, input: RaftInput): RaftInput {
  if (input.kind !== 'persisted') return input;
  const later = ends.findIndex((end) => end > input.number);
  return { ...input, number: later === -1 ? ends.length : later };
}

function inTurn(writes: Writes, effect: RaftEffect): RaftEffect[] {
  const isFree = effect.kind === 'send' && effect.early === true;
  if (writes.waiting !== null && !isFree) {
    writes.waiting.effects.push(effect);
    return [];
  }
  const hard = hardOf(effect);
  const before = writes.vote;
  if (hard !== undefined) writes.vote = hard.vote;
  if (hard === undefined || hard.vote === null || before === null || hard.vote === before) {
    return numbered(writes, effect);
  }
  const first: RaftRecord = { ...hard, vote: before };
  writes.waiting = { first: ++writes.asked, effects: [effect] };
  return [{ kind: 'persist', records: [first] }];
}

function numbered(writes: Writes, effect: RaftEffect): RaftEffect[] {
  if (effect.kind === 'persist' || effect.kind === 'compact') writes.ends.push(++writes.asked);
  return [effect];
}

function hardOf(effect: RaftEffect): Extract<RaftRecord, { kind: 'hard' }> | undefined {
  if (effect.kind !== 'persist') return undefined;
  const records = effect.records as readonly RaftRecord[];
  return records.find((record) => record.kind === 'hard');
}
