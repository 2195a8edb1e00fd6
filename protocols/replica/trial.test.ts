import { describe, expect, it } from 'vitest';
import type { Effect, Input, Protocol } from '../../core/protocol.ts';
import { paxos } from '../paxos/paxos.ts';
import type { PaxosMessage } from '../paxos/messages.ts';
import type { PaxosState } from '../paxos/state.ts';
import { raft } from '../raft/raft.ts';
import { type ReplicaMessage, type ReplicaState, replicate } from './index.ts';
import { type TrialReport, trial } from './testing/trial.ts';

type Message = ReplicaMessage<PaxosMessage>;
type Store = Protocol<ReplicaState<PaxosState>, Message>;

const onPaxos = replicate(paxos);

type Run = (seed: number, sessions: boolean) => TrialReport;

const stores: [name: string, run: Run][] = [
  ['raft', runsOf(replicate(raft))],
  ['paxos', runsOf(onPaxos)],
];

function runsOf<Inner, Inside>(
  protocol: Protocol<ReplicaState<Inner>, ReplicaMessage<Inside>>,
  settings: Readonly<Record<string, string>> = {},
): Run {
  return (seed, sessions) => trial(seed, { protocol, sessions, settings, durationMs: 3000 });
}

const seeds = Array.from({ length: 60 }, (_, seed) => seed);

function wrongIn(reports: readonly TrialReport[]): string[] {
  return reports.flatMap(({ wrong }, seed) => wrong.map((each) => `seed ${seed}: ${each}`));
}

function sum(reports: readonly TrialReport[], counter: string): number {
  return reports.reduce((total, { counters }) => total + (counters[counter] ?? 0), 0);
}

describe.each(stores)('a store on %s', (_, run) => {
  it('applies each write of a session exactly once, under any schedule of faults and retries', () => {
    const reports = seeds.map((seed) => run(seed, true));
    expect(wrongIn(reports)).toEqual([]);
    expect(reports.flatMap(({ deeds }) => deeds).length).toBeGreaterThan(1000);
    expect(sum(reports, 'forwardsResent')).toBeGreaterThan(0);
    expect(sum(reports, 'snapshotsRestored')).toBeGreaterThan(0);
  });

  it('is linearizable without sessions too, and every answer is true', () => {
    const reports = seeds.map((seed) => run(seed, false));
    expect(wrongIn(reports)).toEqual([]);
    const outcomes = new Set(reports.flatMap(({ deeds }) => deeds.map(({ outcome }) => outcome)));
    expect([...outcomes].sort()).toEqual(['ok', 'refused', 'unknown']);
    for (const name of ['forwardsSent', 'forwardsDoubled', 'requestsTimedOut', 'snapshotsTaken']) {
      expect([name, sum(reports, name)]).not.toEqual([name, 0]);
    }
  });

  it('is the same for the same seed', () => {
    expect(run(5, true)).toEqual(run(5, true));
  });
});

interface Bend {
  readonly input?: (input: Input<Message>) => Input<Message>;
  readonly effect?: (effect: Effect<Message>) => Effect<Message>;
}

/** The store with something wrong at its edge. */
function bent({ input, effect }: Bend): Store {
  return {
    ...onPaxos,
    step(state, each, nowMs) {
      const effects = onPaxos.step(state, input?.(each) ?? each, nowMs);
      return effect === undefined ? effects : effects.map(effect);
    },
  };
}

describe('these trials convict a store', () => {
  const convict = (protocol: Store, sessions: boolean, settings = {}): void => {
    const run = runsOf(protocol, settings);
    expect(seeds.some((seed) => run(seed, sessions).wrong.length > 0)).toBe(true);
  };

  it('that takes a doubled forward twice', () => {
    let numbers = 1000;
    const renumbered = bent({
      input: (each) =>
        each.kind === 'message' && each.message.kind === 'forward'
          ? { ...each, message: { ...each.message, number: ++numbers } }
          : each,
    });
    convict(renumbered, false, { forward: 'on' });
  });

  it('that calls refused what is in doubt', () => {
    const denying = bent({
      effect: (each) =>
        each.kind === 'reply' && each.reply.kind === 'unknown'
          ? { ...each, reply: { kind: 'refused', reason: 'not-leader' } }
          : each,
    });
    convict(denying, false);
  });

  it('that forgets the session of a write', () => {
    const forgetful = bent({
      input: (each) => {
        if (each.kind !== 'request' || !('session' in each.request)) return each;
        const { session: _, sequence: __, ...request } = each.request;
        return { ...each, request };
      },
    });
    convict(forgetful, true);
  });

  it('that reads whatever a node has applied', () => {
    const hasty: Store = {
      ...onPaxos,
      init: (options) =>
        onPaxos.init({ ...options, settings: { ...options.settings, reads: 'local' } }),
    };
    convict(hasty, false);
  });

  it('that acknowledges a write when it is proposed', () => {
    const hasty: Store = {
      ...onPaxos,
      step(state, input, nowMs) {
        const effects = onPaxos.step(state, input, nowMs);
        if (input.kind !== 'request' || input.request.op !== 'append') return effects;
        const { id } = input;
        return [...effects, { kind: 'reply', id, reply: { kind: 'ok', value: 0 }, early: true }];
      },
    };
    convict(hasty, false);
  });
});
