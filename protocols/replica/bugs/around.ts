import type { Protocol } from '../../../core/protocol.ts';
import type { Consensus } from '../../consensus.ts';
import type { ReplicaMessage } from '../message.ts';
import { replicate } from '../replicate.ts';
import type { ReplicaState, Turn } from '../state.ts';

/**
 * The replicated store, with something done around each of its steps: `begin` looks at the state
 * before, and what it returns may add to what the step came to.
 */
export function around<Inner, Message>(
  consensus: Consensus<Inner, Message>,
  begin: (state: ReplicaState<Inner>, nowMs: number) => (turn: Turn<Inner, Message>) => void,
): Protocol<ReplicaState<Inner>, ReplicaMessage<Message>> {
  const correct = replicate(consensus);
  return {
    ...correct,
    step(state, input, nowMs) {
      const end = begin(state, nowMs);
      const effects = correct.step(state, input, nowMs);
      end({ consensus, state, nowMs, effects, retry: false });
      return effects;
    },
  };
}
