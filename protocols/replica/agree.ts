import type { ConsensusEffect, ConsensusInput } from '../consensus.ts';
import { apply, readNow, restore } from './apply.ts';
import { elsewhere } from './route.ts';
import type { ReplicaMessage } from './message.ts';
import { overloaded, putAt, settle } from './settle.ts';
import type { Turn } from './state.ts';

/**
 * Steps the agreement and passes its effects on in their order. Nothing here steps it again before
 * its last effect is passed on: persists of the two steps would change places.
 */
export function agree<Inner, Message>(
  turn: Turn<Inner, Message>,
  input: ConsensusInput<Message>,
): void {
  const { consensus, state, nowMs } = turn;
  for (const effect of consensus.step(state.agreement, input, nowMs)) pass(turn, effect);
}

/** What goes to several nodes stays one message. */
function dressed<Inner, Message>(
  { effects }: Turn<Inner, Message>,
  message: Message,
): ReplicaMessage<Message> {
  const last = effects.at(-1);
  const isSame =
    last?.kind === 'send' && last.message.kind === 'agree' && last.message.message === message;
  return isSame ? last.message : { kind: 'agree', message };
}

function pass<Inner, Message>(turn: Turn<Inner, Message>, effect: ConsensusEffect<Message>): void {
  const { effects, state } = turn;
  switch (effect.kind) {
    case 'persist':
    case 'compact':
      effects.push(effect);
      return;
    case 'send': {
      const message = dressed(turn, effect.message);
      const early = effect.early === true;
      effects.push({ kind: 'send', to: effect.to, message, early });
      return;
    }
    case 'apply':
      for (const entry of effect.entries) apply(turn, entry);
      return;
    case 'restore':
      restore(turn, effect.snapshot);
      return;
    case 'proposed': {
      const pending = state.pending.get(effect.id);
      if (pending?.stage.kind !== 'asked' || pending.stage.name === undefined) return;
      pending.stage = { kind: 'proposed', index: effect.index, name: pending.stage.name };
      putAt(state.proposed, effect.index, pending);
      return;
    }
    case 'readable': {
      const pending = state.pending.get(effect.id);
      if (pending?.stage.kind !== 'asked') return;
      if (effect.index <= state.appliedIndex) {
        readNow(turn, pending);
        return;
      }
      pending.stage = { kind: 'readable', index: effect.index };
      putAt(state.readable, effect.index, pending);
      return;
    }
    case 'administered': {
      const pending = state.pending.get(effect.id);
      if (pending?.stage.kind === 'asked') settle(turn, pending, effect.reply);
      return;
    }
    case 'rejected': {
      const pending = state.pending.get(effect.id);
      if (pending?.stage.kind !== 'asked') return;
      if (effect.reason === 'overloaded') settle(turn, pending, overloaded);
      else elsewhere(turn, pending, effect.leader);
    }
  }
}
