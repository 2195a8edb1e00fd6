import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConsensusInput } from '../consensus.ts';
import { isRaftMessage } from './is-message.ts';
import { lastIndexOf } from './log.ts';
import type { RaftMessage } from './messages.ts';
import { raft } from './raft.ts';

const index = fc.oneof(fc.nat(8), fc.nat(), fc.constant(2 ** 48));
const term = fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constant(2 ** 40));
const names = fc.array(fc.constantFrom('n1', 'n2', 'n3', 'n4'), { minLength: 1, maxLength: 4 });
const configuration = fc.oneof(
  fc.record({ members: names }),
  fc.record({ members: names, former: names }),
);
const entry = fc.oneof(
  fc.record({ term: fc.integer({ min: 1, max: 6 }), command: fc.jsonValue() }),
  fc.record({
    ...{ term: fc.integer({ min: 1, max: 6 }), command: fc.constant(null), configuration },
  }),
);
const text = fc.string({ maxLength: 5 });

/** Messages of every kind with the right fields, most of them nonsense. */
const plausible = fc.oneof(
  fc.record({ kind: fc.constant('pre-vote'), term, lastIndex: index, lastTerm: index }),
  fc.record({
    ...{ kind: fc.constant('vote'), term, lastIndex: index, lastTerm: index },
    handover: fc.boolean(),
  }),
  fc.record({
    kind: fc.constantFrom('vote-reply', 'pre-vote-reply'),
    ...{ term, granted: fc.boolean() },
  }),
  fc.record({
    ...{ kind: fc.constant('append'), term, previousIndex: index, commitIndex: index },
    previousTerm: fc.nat(6),
    entries: fc
      .array(entry, { maxLength: 4 })
      .map((entries) => entries.sort((left, right) => left.term - right.term)),
  }),
  fc.record({ kind: fc.constant('append-reply'), term, matchIndex: index }),
  fc.record({
    ...{ kind: fc.constant('append-refusal'), term, previousIndex: index },
    ...{ hintIndex: index, hintTerm: index },
  }),
  fc.record({ kind: fc.constant('commit'), term, index }),
  fc.record({ kind: fc.constant('heartbeat'), term, commitIndex: index, round: index }),
  fc.record({ kind: fc.constant('heartbeat-reply'), term, round: index }),
  fc.record({
    ...{ kind: fc.constant('snapshot'), term, index, indexTerm: fc.nat(6) },
    ...{ size: fc.nat(8), offset: fc.nat(8), chunk: text, configuration },
  }),
  fc.record({ kind: fc.constant('timeout-now'), term }),
  fc.record({ kind: fc.constant('snapshot-reply'), term, index, offset: index }),
);

describe('isMessage', () => {
  it('never throws, whatever was decoded, and knows nothing that is no message', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(isRaftMessage(value)).toBe(false);
      }),
    );
  });

  it('refuses a message with any of its fields missing or of another type', () => {
    const messages = plausible.filter(isRaftMessage);
    fc.assert(
      fc.property(messages, fc.nat(10), fc.constantFrom(undefined, {}, -1, NaN, 0.5), (...all) => {
        const [message, draw, wrong] = all;
        const names = Object.keys(message);
        const name = names[draw % names.length] ?? 'kind';
        expect(isRaftMessage({ ...message, [name]: wrong })).toBe(false);
      }),
    );
  });

  it.each([
    ['terms that fall', { entries: [5, 4].map((each) => ({ term: each, command: 'x' })) }],
    ['an entry later than its leader', { entries: [{ term: 7, command: 'x' }] }],
    ['an entry before what it follows', { previousTerm: 3, entries: [{ term: 2, command: 'x' }] }],
    ['an entry without a command', { entries: [{ term: 3 }] }],
    ['something that is no entry', { entries: [null] }],
  ])('refuses an append with %s', (_, wrong) => {
    const append = { kind: 'append', term: 6, previousIndex: 1, previousTerm: 1, commitIndex: 0 };
    expect(isRaftMessage({ ...append, entries: [] })).toBe(true);
    expect(isRaftMessage({ ...append, ...wrong })).toBe(false);
  });

  it('refuses a chunk that does not fit its snapshot', () => {
    const chunk = {
      ...{ kind: 'snapshot', term: 2, index: 9, indexTerm: 1, size: 4, offset: 2 },
      configuration: { members: ['n1'] },
    };
    expect(isRaftMessage({ ...chunk, chunk: 'ab' })).toBe(true);
    expect(isRaftMessage({ ...chunk, chunk: 'abc' })).toBe(false);
    expect(isRaftMessage({ ...chunk, chunk: '' })).toBe(false);
  });
});

describe('a node under hostile messages', () => {
  const inputs = fc.array(
    fc.oneof(
      { weight: 6, arbitrary: plausible.filter(isRaftMessage) },
      { weight: 1, arbitrary: fc.constantFrom('tick', 'propose', 'read', 'compact') },
    ),
    { maxLength: 60 },
  );

  it('neither crashes nor loses its bearings, and says nothing that is no message', () => {
    fc.assert(
      fc.property(inputs, fc.constantFrom('index', 'lease'), (script, reads) => {
        const nodes = ['n1', 'n2', 'n3'];
        const settings = { reads, snapshotChunk: '2', keepEntries: '1' };
        const durable = { records: [] };
        const state = raft.init({ self: 'n1', nodes, durable, seed: 1, nowMs: 0, settings });
        let [nowMs, written, applied] = [0, 0, 0];
        const take = (input: ConsensusInput<RaftMessage>): void => {
          for (const effect of raft.step(state, input, nowMs)) {
            if (effect.kind === 'send') expect(isRaftMessage(effect.message)).toBe(true);
            if (effect.kind === 'persist' || effect.kind === 'compact') written += 1;
            if (effect.kind === 'restore') applied = effect.snapshot.index;
            if (effect.kind !== 'apply') continue;
            for (const each of effect.entries) expect(each.index).toBe(++applied);
          }
          expect(state.commitIndex).toBeLessThanOrEqual(lastIndexOf(state.log));
          expect(state.appliedIndex).toBe(state.commitIndex);
          expect(state.log.baseIndex).toBeLessThanOrEqual(state.commitIndex);
          expect(raft.wakeAt(state)).toBeGreaterThan(nowMs - 1);
        };
        script.forEach((each, id) => {
          const from = nodes[1 + (id % 2)] ?? 'n2';
          if (each === 'tick') nowMs = Math.max(nowMs, raft.wakeAt(state));
          if (each === 'tick') take({ kind: 'tick' });
          else if (each === 'compact') take({ kind: 'compact', index: applied, machine: 'state' });
          else if (each === 'read') take({ kind: 'read', id });
          else if (each === 'propose') take({ kind: 'propose', id, command: id });
          else take({ kind: 'message', from, message: each as RaftMessage });
          take({ kind: 'persisted', number: written });
        });
      }),
      { numRuns: 300 },
    );
  });

  it('hears no strangers', () => {
    const nodes = ['n1', 'n2', 'n3'];
    const durable = { records: [] };
    const state = raft.init({ self: 'n1', nodes, durable, seed: 1, nowMs: 0, settings: {} });
    const message = { kind: 'vote', term: 9, lastIndex: 9, lastTerm: 8, handover: true } as const;
    for (const from of ['n9', 'n1', '__proto__']) {
      expect(raft.step(state, { kind: 'message', from, message }, 1)).toEqual([]);
    }
    expect(state.term).toBe(0);
  });
});
