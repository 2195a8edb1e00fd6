import { expect, it } from 'vitest';
import type { NodeStatus } from '../../core/system.ts';
import { costsBetween } from './node-costs.ts';

function node(id: string, counters: Record<string, number>): NodeStatus {
  return { id, role: 'other', term: 1, commitIndex: 0, appliedIndex: 0, counters };
}

it('what all nodes did is shared by the operations', () => {
  const before = { n1: node('n1', { peersSentFrames: 10, walSyncs: 5, elections: 1 }), n2: null };
  const after = {
    n1: node('n1', { peersSentFrames: 110, walSyncs: 25, elections: 2 }),
    n2: node('n2', { peersSentFrames: 100, peersSentBytes: 5000 }),
  };
  expect(costsBetween(before, after, 100)).toEqual({
    ...{ messages: 2, bytes: 50, fsyncs: 0.2, elections: 1 },
  });
});

it('a node that began anew counts from nothing', () => {
  const before = { n1: node('n1', { peersSentFrames: 1000 }) };
  const after = { n1: node('n1', { peersSentFrames: 40 }) };
  expect(costsBetween(before, after, 10)?.messages).toBe(4);
});

it('nodes that do not count have no costs', () => {
  expect(costsBetween({ n1: null }, { n1: node('n1', {}) }, 10)).toBeNull();
});
