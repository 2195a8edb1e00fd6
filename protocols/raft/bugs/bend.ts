import type { ConsensusBug } from '../../bug.ts';
import type { ConsensusInput } from '../../consensus.ts';
import { lastIndexOf } from '../log.ts';
import type { RaftMessage } from '../messages.ts';
import type { RaftState } from '../state.ts';
import type { RaftEffect } from '../turn.ts';

export type RaftBug = ConsensusBug<RaftState, RaftMessage>;
export type RaftInput = ConsensusInput<RaftMessage>;

/** Raft, bent from outside: what goes in, what comes out, or the state in between. */
interface Bend {
  readonly init?: (state: RaftState) => RaftState;
  readonly before?: (state: RaftState, input: RaftInput, nowMs: number) => RaftInput;
  readonly after?: (state: RaftState, effects: RaftEffect[], input: RaftInput) => RaftEffect[];
}

export function bent({ init, before, after }: Bend): RaftBug['plant'] {
  return (base) => ({
    ...base,
    init: (options) => (init ?? ((state) => state))(base.init(options)),
    step(state, input, nowMs) {
      const given = before?.(state, input, nowMs) ?? input;
      const effects = base.step(state, given, nowMs);
      return after?.(state, effects, given) ?? effects;
    },
  });
}

/** Changes every message before it is received. */
export function onMessage(
  change: (message: RaftMessage, state: RaftState) => RaftMessage,
): (state: RaftState, input: RaftInput) => RaftInput {
  return (state, input) =>
    input.kind === 'message' ? { ...input, message: change(input.message, state) } : input;
}

/** Changes every message that is sent. */
export function onSend(
  change: (message: RaftMessage, state: RaftState) => RaftMessage,
): (state: RaftState, effects: RaftEffect[]) => RaftEffect[] {
  return (state, effects) =>
    effects.map((effect) =>
      effect.kind === 'send' ? { ...effect, message: change(effect.message, state) } : effect,
    );
}

/** Lets these messages overtake the disk. */
export function hurried(
  which: (message: RaftMessage) => boolean,
): (state: RaftState, effects: RaftEffect[]) => RaftEffect[] {
  return (_, effects) =>
    effects.map((effect) =>
      effect.kind === 'send' && which(effect.message) ? { ...effect, early: true } : effect,
    );
}

/** Commits up to the index, as far as the log goes, and applies it. */
export function commitThrough(state: RaftState, index: number): RaftEffect[] {
  const { log, appliedIndex } = state;
  const commitIndex = Math.min(index, lastIndexOf(log));
  if (commitIndex <= state.commitIndex) return [];
  state.commitIndex = commitIndex;
  state.appliedIndex = commitIndex;
  const entries = log.entries
    .slice(appliedIndex - log.baseIndex, commitIndex - log.baseIndex)
    .map((entry, at) => ({ index: appliedIndex + at + 1, ...entry }));
  return [{ kind: 'apply', entries }];
}
