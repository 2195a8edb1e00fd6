import type { ConsensusBug } from '../../bug.ts';
import type { Consensus, ConsensusEffect, ConsensusInput } from '../../consensus.ts';
import type { MessageOf, PaxosMessage } from '../messages.ts';
import type { PaxosState } from '../state.ts';

export type Paxos = Consensus<PaxosState, PaxosMessage>;
export type PaxosBug = ConsensusBug<PaxosState, PaxosMessage>;
export type PaxosInput = ConsensusInput<PaxosMessage>;
export type PaxosEffect = ConsensusEffect<PaxosMessage>;
type Kind = PaxosMessage['kind'];

type BentStep = (base: Paxos, ...turn: Parameters<Paxos['step']>) => PaxosEffect[];

/** Bends inputs, effects or memory on their way to and from the correct protocol. */
export function bent(step: BentStep): PaxosBug['plant'] {
  return (base) => ({ ...base, step: (...turn) => step(base, ...turn) });
}
export function messageOf<K extends Kind>(input: PaxosInput, kind: K): MessageOf<K> | undefined {
  if (input.kind !== 'message' || input.message.kind !== kind) return undefined;
  return input.message as MessageOf<K>;
}

/** Changes the input when it is a message of this kind. */
export function bendReceived<K extends Kind>(
  input: PaxosInput,
  kind: K,
  bend: (message: MessageOf<K>) => Partial<MessageOf<K>>,
): PaxosInput {
  const message = messageOf(input, kind);
  if (message === undefined || input.kind !== 'message') return input;
  return { ...input, message: { ...message, ...bend(message) } };
}

/** Changes the effect when it sends a message of this kind. */
export function bendSent<K extends Kind>(
  effect: PaxosEffect,
  kind: K,
  bend: (message: MessageOf<K>) => Partial<MessageOf<K>>,
): PaxosEffect {
  if (!isSending(effect, kind)) return effect;
  const message = effect.message as MessageOf<K>;
  return { ...effect, message: { ...message, ...bend(message) } };
}

/** Sends messages of this kind before the disk has what they claim. */
export function hasten(effects: readonly PaxosEffect[], kind: Kind): PaxosEffect[] {
  return effects.map((effect) => (isSending(effect, kind) ? { ...effect, early: true } : effect));
}

function isSending(
  effect: PaxosEffect,
  kind: Kind,
): effect is Extract<PaxosEffect, { readonly kind: 'send' }> {
  return effect.kind === 'send' && effect.message.kind === kind;
}
