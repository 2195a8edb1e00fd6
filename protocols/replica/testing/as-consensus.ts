import type { Effect, Input, Protocol, Reply, Request } from '../../../core/protocol.ts';
import type { Consensus, ConsensusEffect, ConsensusSnapshot } from '../../consensus.ts';

/** Called with each reply; ids are those of the requests. */
export type OnReply = (id: number, reply: Reply) => void;

/**
 * Dresses a protocol up as an agreement, so that the cluster of `protocols/testing` with its links,
 * disks and faults can run it. A proposal is a client's request, a read is the cancelling of one.
 * Replies bypass the cluster: they must be `early`, as it could not hold them back.
 */
export function asConsensus<State, Message>(
  protocol: Protocol<State, Message>,
  onReply: OnReply,
): Consensus<State, Message> {
  return {
    name: protocol.name,
    init({ durable, ...options }) {
      const { snapshot, records } = durable;
      const own = snapshot === undefined ? { records } : { snapshot: snapshot.meta, records };
      return protocol.init({ ...options, durable: own });
    },
    step: (state, input, nowMs) =>
      protocol
        .step(state, inputOf(input), nowMs)
        .flatMap((effect) => effectOf<Message>(effect, onReply)),
    wakeAt: (state) => protocol.wakeAt(state),
    status: (state) => protocol.status(state),
    counters: (state) => protocol.counters(state),
    isMessage: (value): value is Message => protocol.isMessage(value),
  };
}

function inputOf<Message>(
  input: Parameters<Consensus<unknown, Message>['step']>[1],
): Input<Message> {
  switch (input.kind) {
    case 'propose':
      return { kind: 'request', id: input.id, request: input.command as Request };
    case 'read':
      return { kind: 'cancel', id: input.id };
    case 'administer':
      return { kind: 'request', id: input.id, request: input.request };
    case 'compact':
      throw new Error('expected a cluster that never compacts: the protocol does that itself');
    default:
      return input;
  }
}

function effectOf<Message>(effect: Effect<Message>, onReply: OnReply): ConsensusEffect<Message>[] {
  switch (effect.kind) {
    case 'reply':
      if (effect.early !== true) throw new Error('expected every reply to be early');
      onReply(effect.id, effect.reply);
      return [];
    case 'compact':
      return [{ ...effect, snapshot: wrapped(effect.snapshot as ConsensusSnapshot) }];
    default:
      return [effect];
  }
}

/** The cluster's own machine reads the commands out of every snapshot; ours has none to show. */
function wrapped(snapshot: ConsensusSnapshot): ConsensusSnapshot {
  const machine = JSON.stringify(Array.from({ length: snapshot.index }, () => null));
  return { index: snapshot.index, meta: snapshot, machine };
}
