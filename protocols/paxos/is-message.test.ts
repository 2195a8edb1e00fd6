import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPaxosMessage } from './is-message.ts';
import type { PaxosMessage } from './messages.ts';
import { paxos } from './paxos.ts';

const ballot = { round: 3, node: 'n2' };

/** One of each kind, as small as it gets. */
const messages: readonly PaxosMessage[] = [
  { kind: 'probe', ballot, from: 1 },
  { kind: 'probed', ballot, granted: true, promised: { round: 0, node: '' } },
  { kind: 'behind', ballot, chosen: 7 },
  { kind: 'prepare', ballot, from: 2, released: { round: 0, node: '' } },
  { kind: 'promise', ballot, from: 2, next: 9, goesOn: true, reports: [[4, 1, 'n1', 'x']] },
  { kind: 'accept', ballot, from: 2, commands: ['x', null], chosen: 1 },
  { kind: 'accepted', ballot, from: 2 },
  { kind: 'reject', ballot, promised: { round: 4, node: 'n3' } },
  { kind: 'heartbeat', ballot, round: 1, chosen: 0 },
  { kind: 'heard', ballot, round: 1, chosen: 0 },
  { kind: 'catch-up', from: 1, index: 0, offset: 0 },
  { kind: 'chosen', from: 1, goesOn: false, values: [[1, 'n1', 'x']] },
  {
    ...{ kind: 'snapshot', index: 5, offset: 0, total: 4, bytes: 'ab' },
    members: [{ slot: 0, members: ['n1', 'n2', 'n3'] }],
  },
  { kind: 'take-over', ballot, chosen: 7 },
  { kind: 'knows', chosen: 7 },
];

describe('isMessage', () => {
  it.each(messages)('knows $kind', (message) => {
    expect(isPaxosMessage(message)).toBe(true);
  });

  it.each(messages)('refuses $kind with a field missing', (message) => {
    for (const field of Object.keys(message)) {
      const { [field as 'kind']: _, ...rest } = message;
      expect(isPaxosMessage(rest)).toBe(false);
    }
  });

  it.each(messages)('refuses $kind with a field of another type or range', (message) => {
    for (const field of Object.keys(message)) {
      for (const wrong of [undefined, null, -1, 1.5, NaN, 2 ** 60, {}, 'x'.repeat(300)]) {
        expect(isPaxosMessage({ ...message, [field]: wrong })).toBe(false);
      }
    }
  });

  it.each([
    ['no object', 7],
    ['a list', [{ kind: 'probe' }]],
    ['an inherited name for a kind', { kind: 'toString' }],
    [
      'reports out of order',
      {
        ...messages[4],
        reports: [
          [4, 1, 'a', 0],
          [3, 1, 'a', 0],
        ],
      },
    ],
    ['a report below the page', { ...messages[4], reports: [[1, 1, 'a', 0]] }],
    ['a report far above the page', { ...messages[4], reports: [[99_999_999, 1, 'a', 0]] }],
    ['a next page far away', { ...messages[4], next: 99_999_999 }],
    ['a next page before this one', { ...messages[4], next: 2 }],
    ['no commands', { ...messages[5], commands: [] }],
    ['more commands than any batch', { ...messages[5], commands: Array(65_537).fill('') }],
    ['a part beyond the snapshot', { ...messages[12], offset: 3 }],
    ['an empty part of a snapshot', { ...messages[12], bytes: '' }],
    ['a ballot of nobody', { ...messages[3], ballot: { round: 0, node: 'n2' } }],
    ['a ballot that is a list', { ...messages[3], ballot: [3, 'n2'] }],
  ])('refuses %s', (_, value) => {
    expect(isPaxosMessage(value)).toBe(false);
  });

  it('refuses anything else', () => {
    fc.assert(fc.property(fc.anything(), (value) => !isPaxosMessage(value)));
  });
});

const slot = fc.integer({ min: 0, max: 12 });
const change = { kind: 'members', members: ['n1', 'n2'] };
const command = fc.constantFrom('x', 'y', null, change);
const anyBallot = fc.record({ round: slot, node: fc.constantFrom('n2', 'n3', '') });
const anyMessage = fc.record({
  kind: fc.constantFrom(...messages.map(({ kind }) => kind)),
  ballot: anyBallot,
  promised: anyBallot,
  granted: fc.boolean(),
  commands: fc.array(command, { maxLength: 4 }),
  reports: fc.array(fc.tuple(slot, slot, fc.constant('n3'), command), { maxLength: 2 }),
  values: fc.array(fc.tuple(slot, fc.constant('n3'), command), { maxLength: 4 }),
  bytes: fc.constantFrom('', '[', '[]'),
  released: anyBallot,
  members: fc.array(
    fc.record({ slot, members: fc.constantFrom(['n1', 'n2', 'n3'], ['n2'], ['n9', 'n1']) }),
    { maxLength: 2 },
  ),
  ...{ from: slot, next: slot, chosen: slot, round: slot, index: slot, offset: slot, total: slot },
});

describe('whatever passes isMessage', () => {
  it('is taken by step without throwing, in any state and any order', () => {
    const input = fc.oneof(
      { weight: 5, arbitrary: anyMessage },
      {
        weight: 1,
        arbitrary: fc.constantFrom('tick', 'persisted', 'propose', 'read', 'administer' as const),
      },
    );
    const property = fc.property(fc.array(input, { maxLength: 60 }), (inputs) => {
      const nodes = ['n1', 'n2', 'n3'];
      const durable = { records: [] };
      const state = paxos.init({
        self: 'n1',
        nodes,
        durable,
        seed: 1,
        nowMs: 0,
        settings: { alpha: '3' },
      });
      let nowMs = 0;
      for (const each of inputs) {
        nowMs += 100;
        if (each === 'tick') paxos.step(state, { kind: each }, nowMs);
        else if (each === 'persisted')
          paxos.step(state, { kind: each, number: state.persists }, nowMs);
        else if (each === 'propose') paxos.step(state, { kind: each, id: 1, command: 'x' }, nowMs);
        else if (each === 'administer') {
          const request = { op: 'members', nodes: ['n1', 'n3'] } as const;
          paxos.step(state, { kind: each, id: 3, request }, nowMs);
        } else if (each === 'read') paxos.step(state, { kind: each, id: 2 }, nowMs);
        else if (paxos.isMessage(each)) {
          paxos.step(state, { kind: 'message', from: 'n2', message: each }, nowMs);
        }
      }
      expect(state.applied).toBe(state.chosen);
    });
    fc.assert(property, { numRuns: 2000 });
  });
});
