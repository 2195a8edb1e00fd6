import { describe, expect, it } from 'vitest';
import type { Effect, Input, Protocol } from '../../core/protocol.ts';
import { paxos } from '../paxos/paxos.ts';
import { raft } from '../raft/raft.ts';
import { replicate } from './index.ts';

type Step = { readonly kind: 'tick' } | Extract<Input<never>, { readonly kind: 'request' }>;

interface Loner {
  step(input: Step): Effect<unknown>[];
  /** All writes so far are durable now. */
  sync(): Effect<unknown>[];
  /** Runs until it leads; returns its role. */
  elect(): string;
}

/** A cluster of one, whose disk makes durable what the test says, when it says so. */
function loner<State, Message>(protocol: Protocol<State, Message>): Loner {
  const options = { self: 'n1', nodes: ['n1'], durable: { records: [] }, seed: 1, settings: {} };
  const state = protocol.init({ ...options, nowMs: 0 });
  let nowMs = 0;
  let persists = 0;
  const step = (input: Input<Message>): Effect<Message>[] => {
    const effects = protocol.step(state, input, nowMs);
    persists += effects.filter(({ kind }) => kind === 'persist' || kind === 'compact').length;
    return effects;
  };
  return {
    step,
    sync: () => step({ kind: 'persisted', number: persists }),
    elect() {
      for (let round = 0; round < 100 && protocol.status(state).role !== 'leader'; round++) {
        nowMs = Math.max(nowMs, protocol.wakeAt(state));
        step({ kind: 'tick' });
        step({ kind: 'persisted', number: persists });
      }
      return protocol.status(state).role;
    },
  };
}

const stores: [name: string, start: () => Loner][] = [
  ['raft', () => loner(replicate(raft))],
  ['paxos', () => loner(replicate(paxos))],
];

describe.each(stores)('a store on %s, all alone,', (_, start) => {
  it('answers a write early, yet not before the only disk there is has it', () => {
    const store = start();
    expect(store.elect()).toBe('leader');
    store.sync();
    const asked = store.step({
      ...{ kind: 'request', id: 1, request: { op: 'set', key: 'k', value: 'v' } },
    });
    expect(asked).toEqual([]);
    // It is put off to the end of the turn, so that others can come along.
    expect(store.step({ kind: 'tick' }).map(({ kind }) => kind)).toEqual(['persist']);
    expect(store.step({ kind: 'tick' })).toEqual([]);
    const reply = { kind: 'reply', id: 1, reply: { kind: 'ok', value: null }, early: true };
    expect(store.sync()).toEqual([reply]);
  });
});
