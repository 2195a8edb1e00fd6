import type { NodeId } from '../../core/node-id.ts';
import type { Command, Consensus, ConsensusEffect, ConsensusInput } from '../consensus.ts';

/** The command at an index, or what index a node has come to. */
export type SequencerMessage =
  | { readonly kind: 'order'; readonly index: number; readonly command: Command }
  | { readonly kind: 'have'; readonly index: number };

export interface SequencerState {
  readonly self: NodeId;
  readonly others: readonly NodeId[];
  readonly log: Command[];
  /** How much of the log has been handed over to be applied. */
  appliedIndex: number;
  /** What each other node said it has. */
  readonly have: Record<NodeId, number>;
  wakeAtMs: number;
}

type Effects = ConsensusEffect<SequencerMessage>[];

const resendMs = 20;

/**
 * The smallest consensus there is, to try the tools of this folder on: n1 alone puts everything in
 * order, and sends it again until all have it. Without n1 nothing moves.
 */
export const sequencer: Consensus<SequencerState, SequencerMessage> = {
  name: 'sequencer',
  init: ({ self, nodes, durable, nowMs }) => ({
    self,
    others: nodes.filter((id) => id !== self),
    log: [...durable.records],
    appliedIndex: 0,
    have: {},
    wakeAtMs: nowMs,
  }),
  step: (state, input, nowMs) => [...effectsOf(state, input, nowMs), ...apply(state)],
  wakeAt: (state) => state.wakeAtMs,
  status: ({ self, log, appliedIndex }) => ({
    ...{ role: self === 'n1' ? 'leader' : 'follower', term: 1, commitIndex: log.length },
    appliedIndex,
  }),
  counters: () => ({}),
  isMessage: (value): value is SequencerMessage =>
    typeof value === 'object' && value !== null && 'kind' in value && 'index' in value,
};

function effectsOf(
  state: SequencerState,
  input: ConsensusInput<SequencerMessage>,
  nowMs: number,
): Effects {
  const { self, others, log, have } = state;
  switch (input.kind) {
    case 'propose': {
      if (self !== 'n1') {
        return [{ kind: 'rejected', id: input.id, reason: 'not-leader', leader: 'n1' }];
      }
      const index = log.push(input.command);
      state.wakeAtMs = Math.min(state.wakeAtMs, nowMs + resendMs);
      return [
        { kind: 'proposed', id: input.id, index, term: 1 },
        { kind: 'persist', records: [input.command] },
        ...others.map((to) => order(to, index, input.command)),
      ];
    }
    case 'read':
      return self === 'n1'
        ? [{ kind: 'readable', id: input.id, index: log.length }]
        : [{ kind: 'rejected', id: input.id, reason: 'not-leader', leader: 'n1' }];
    case 'message': {
      const { message, from } = input;
      if (message.kind === 'have') {
        have[from] = message.index;
        return [];
      }
      const fresh = message.index === log.length + 1 ? [message.command] : [];
      log.push(...fresh);
      return [
        { kind: 'persist', records: fresh },
        { kind: 'send', to: from, message: { kind: 'have', index: log.length } },
      ];
    }
    case 'tick': {
      const behind = self === 'n1' ? others.filter((id) => (have[id] ?? 0) < log.length) : [];
      state.wakeAtMs = behind.length === 0 ? Infinity : nowMs + resendMs;
      return behind.flatMap((to) =>
        log.slice(have[to] ?? 0).map((command, at) => order(to, (have[to] ?? 0) + at + 1, command)),
      );
    }
    default:
      return [];
  }
}

function order(to: NodeId, index: number, command: Command): ConsensusEffect<SequencerMessage> {
  return { kind: 'send', to, message: { kind: 'order', index, command } };
}

function apply(state: SequencerState): Effects {
  const entries = state.log
    .slice(state.appliedIndex)
    .map((command, at) => ({ index: state.appliedIndex + at + 1, term: 1, command }));
  state.appliedIndex = state.log.length;
  return entries.length === 0 ? [] : [{ kind: 'apply', entries }];
}
