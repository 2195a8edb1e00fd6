import type { Bug } from '../core/bug.ts';
import type { Protocol } from '../core/protocol.ts';
import type { Consensus } from './consensus.ts';
import type { ReplicaMessage, ReplicaState } from './replica/index.ts';

/** A mistake in an agreement: the correct one, bent from outside. */
export interface ConsensusBug<State, Message> extends Bug {
  readonly plant: (base: Consensus<State, Message>) => Consensus<State, Message>;
}

/** A mistake in the replicated store, whatever it agrees by. */
export interface ReplicaBug extends Bug {
  readonly plant: <Inner, Message>(
    consensus: Consensus<Inner, Message>,
  ) => Protocol<ReplicaState<Inner>, ReplicaMessage<Message>>;
}
