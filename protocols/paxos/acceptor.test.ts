import { describe, expect, it } from 'vitest';
import type { PaxosMessage } from './messages.ts';
import { paxos } from './paxos.ts';
import type { PaxosState } from './state.ts';

const electionMs = 150;

/** n1, which has accepted three values and tells of one in a message. */
function acceptor(): PaxosState {
  const accepted = {
    ...{ kind: 'accept', ballot: { round: 1, node: 'n2' }, from: 1, chosen: 0 },
    commands: ['a', 'b', 'c'],
  };
  return paxos.init({
    ...{ self: 'n1', nodes: ['n1', 'n2', 'n3', 'n4', 'n5'], durable: { records: [accepted] } },
    ...{ seed: 1, nowMs: 0 },
    settings: { electionMs: String(electionMs), maxBatch: '1', pipeline: '1' },
  });
}

function answersOf(state: PaxosState, from: string, message: PaxosMessage, nowMs: number) {
  const effects = paxos.step(state, { kind: 'message', from, message }, nowMs);
  return effects.flatMap((effect) => (effect.kind === 'send' ? [effect.message] : []));
}

const noBallot = { round: 0, node: '' };

/** n3 asks for the page that begins there; returns where the next one does. */
function ask(state: PaxosState, from: number, nowMs: number): number | undefined {
  const ballot = { round: 2, node: 'n3' };
  const prepare = { kind: 'prepare', ballot, from, released: noBallot } as const;
  const [answer] = answersOf(state, 'n3', prepare, nowMs);
  return answer?.kind === 'promise' ? answer.next : undefined;
}

/** Whether n4, which lags no less, would be promised something. */
function wouldPromise(state: PaxosState, nowMs: number): boolean | undefined {
  const probe = { kind: 'probe', ballot: { round: 3, node: 'n4' }, from: 1 } as const;
  const [answer] = answersOf(state, 'n4', probe, nowMs);
  return answer?.kind === 'probed' ? answer.granted : undefined;
}

describe('an acceptor that tells a candidate page after page what it has accepted', () => {
  it('would promise nobody else until a timeout after the last but one', () => {
    const state = acceptor();
    expect(wouldPromise(state, 1000)).toBe(true);
    expect(ask(state, 1, 1000)).toBe(2);
    expect(wouldPromise(state, 1000 + electionMs - 1)).toBe(false);
    expect(ask(state, 2, 1100)).toBe(3);
    expect(wouldPromise(state, 1100 + electionMs - 1)).toBe(false);
    expect(ask(state, 3, 1200)).toBe(0);
    expect(wouldPromise(state, 1100 + electionMs - 1)).toBe(false);
    expect(wouldPromise(state, 1100 + electionMs)).toBe(true);
  });

  it('is not kept from others by one that asks for the same again and again', () => {
    const state = acceptor();
    for (let nowMs = 1000; nowMs <= 1000 + electionMs; nowMs += 10) ask(state, 1, nowMs);
    expect(wouldPromise(state, 1000 + electionMs)).toBe(true);
  });
});
