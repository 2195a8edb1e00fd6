import { expect, it } from 'vitest';
import { type Axes, cellsOf, orderOf } from './cells.ts';

const subject = (name: string) => ({ name, system: name, settings: {} });

const axes: Axes = {
  ...{ subjects: [subject('raft'), subject('paxos')], world: 'local', nodes: [3, 5] },
  loads: [
    { kind: 'closed', clients: 16 },
    { kind: 'open', clients: 64, rate: 500, arrivals: 'poisson' },
  ],
  mixes: [{ name: 'r0.5', shares: { read: 0.5, write: 0.5 } }],
  keys: { distribution: 'uniform', count: 10 },
  valueBytes: [16],
  faults: [null, 'kill:leader'],
};

it('every value meets each of the others, under a name of its own', () => {
  const ids = cellsOf(axes).map(({ id }) => id);
  expect(ids).toHaveLength(16);
  expect(new Set(ids).size).toBe(16);
  expect(ids[0]).toBe('raft n3 c16 r0.5 v16');
  expect(ids.at(-1)).toBe('paxos n5 c64 500/s r0.5 v16 kill:leader');
});

it('those that are compared run one right after the other, and change places from round to round', () => {
  const order = orderOf(cellsOf(axes), { subjects: 2, rounds: 2 });
  expect(order).toHaveLength(32);
  const subjects = order.map(({ cell, round }) => `${cell.subject} ${round}`);
  expect(subjects.slice(0, 4)).toEqual(['raft 1', 'paxos 1', 'raft 1', 'paxos 1']);
  expect(subjects.slice(16, 20)).toEqual(['paxos 2', 'raft 2', 'paxos 2', 'raft 2']);
  for (let pair = 0; pair < order.length; pair += 2) {
    const [one, other] = order.slice(pair, pair + 2).map(({ cell }) => cell.id.split(' ').slice(1));
    expect(one).toEqual(other);
  }
});
