import { describe, expect, it } from 'vitest';
import type { Invariant } from '../core/invariant.ts';
import { storeInvariants } from './invariants.ts';

/** Looks at states one after the other; each is a node and what is of interest of its replica. */
function judge(
  store: keyof typeof storeInvariants,
  name: string,
  states: readonly (readonly [node: string, state: object])[],
): (string | null)[] {
  const all: readonly Invariant[] = storeInvariants[store];
  const watch = all.find((each) => each.name === name)?.watch();
  return states.map(([node, state]) => watch?.look(node, state) ?? null);
}

interface RaftLook {
  readonly role?: string;
  readonly term?: number;
  /** Terms of the entries from index 1 on. */
  readonly log?: readonly number[];
  readonly command?: string;
  readonly commitIndex?: number;
  readonly vote?: string;
  /** Whose votes it counts. */
  readonly votes?: readonly string[];
  /** The index of the entry that changes the members. */
  readonly changesAt?: number;
}

/** As Raft has it, and as Paxos has it. */
const firstOfThree = {
  ...{ slot: 0, members: ['n1', 'n2', 'n3'] },
  configuration: { members: ['n1', 'n2', 'n3'] },
};

function raftState(node: string, look: RaftLook): object {
  const { role = 'follower', term = 1, log = [], commitIndex = 0, command = 'x' } = look;
  const { vote = null, votes = [], changesAt = 0 } = look;
  const configurations = [{ ...firstOfThree, index: changesAt }];
  const entries = log.map((each, at) => ({ term: each, command: `${command}${at}` }));
  const agreement = {
    ...{ self: node, role, term, commitIndex, vote },
    votes: Object.fromEntries(votes.map((each) => [each, true])),
    log: { baseIndex: 0, baseTerm: 0, entries, configurations },
  };
  return { agreement, appliedIndex: commitIndex };
}

const raft = (node: string, look: RaftLook) => [node, raftState(node, look)] as const;

interface PaxosLook {
  readonly promised?: number;
  /** Round and command of the entries from slot 1 on. */
  readonly log?: readonly (readonly [round: number, command: string])[];
  readonly chosen?: number;
  /** Who has promised the ballot that it leads by, which is the promised one. */
  readonly promises?: readonly string[];
  /** Whom it asks about slot 1. */
  readonly asks?: readonly string[];
}

function paxosState(node: string, look: PaxosLook): object {
  const { promised = 9, log = [], chosen = 0, promises, asks = [] } = look;
  const batches = [{ message: { from: 1 }, last: 1, configuration: { members: asks } }];
  const entries = log.map(([round, command]) => ({ ballot: { round, node: 'n1' }, command }));
  const agreement = {
    ...{ self: node, promised: { round: promised, node: 'n1' }, chosen },
    ...{ log: { base: 0, entries }, configurations: [firstOfThree] },
    role:
      promises === undefined
        ? { kind: 'following' }
        : {
            kind: 'leading',
            ballot: { round: promised, node: 'n1' },
            promises: { nodes: promises },
            batches,
          },
  };
  return { agreement, appliedIndex: chosen };
}

const paxos = (node: string, look: PaxosLook) => [node, paxosState(node, look)] as const;

const broken: readonly (readonly [
  store: keyof typeof storeInvariants,
  name: string,
  states: readonly (readonly [string, object])[],
])[] = [
  [
    'raft',
    'election safety',
    [raft('n1', { role: 'leader', term: 2 }), raft('n2', { role: 'leader', term: 2 })],
  ],
  [
    'raft',
    'leader append-only',
    [raft('n1', { role: 'leader', log: [1, 1] }), raft('n1', { role: 'leader', log: [1] })],
  ],
  [
    'raft',
    'leader append-only',
    [
      raft('n1', { role: 'leader', log: [1, 1] }),
      raft('n1', { role: 'leader', log: [1, 1], command: 'y' }),
    ],
  ],
  [
    'raft',
    'log matching',
    [raft('n1', { log: [1, 2] }), raft('n2', { log: [1, 2], command: 'y' })],
  ],
  ['raft', 'log matching', [raft('n1', { log: [1, 3] }), raft('n2', { log: [2, 3] })]],
  [
    'raft',
    'leader completeness',
    [
      raft('n1', { term: 2, log: [1, 2], commitIndex: 2 }),
      raft('n2', { role: 'leader', term: 3, log: [1, 1] }),
    ],
  ],
  [
    'raft',
    'state machine safety',
    [raft('n1', { log: [1, 2], commitIndex: 2 }), raft('n2', { log: [1, 3], commitIndex: 2 })],
  ],
  [
    'raft',
    'kept votes',
    [
      raft('n1', { role: 'candidate', term: 2, vote: 'n1', votes: ['n1'] }),
      raft('n2', { term: 2, vote: 'n1' }),
      raft('n1', { role: 'leader', term: 2, vote: 'n1', votes: ['n1', 'n2'] }),
      raft('n3', { term: 1, vote: 'n3' }),
      raft('n2', { term: 1 }),
    ],
  ],
  [
    'raft',
    'kept votes',
    [
      raft('n2', { term: 2, vote: 'n3' }),
      raft('n1', { role: 'candidate', term: 2, vote: 'n1', votes: ['n1', 'n2'] }),
    ],
  ],
  [
    'raft',
    'settled before change',
    [
      raft('n1', { role: 'leader', term: 2, log: [1, 1], changesAt: 2 }),
      raft('n1', { role: 'leader', term: 2, log: [1, 2, 2], changesAt: 3, commitIndex: 2 }),
      raft('n1', { role: 'leader', term: 2, log: [1, 2, 2], changesAt: 3, commitIndex: 1 }),
    ],
  ],
  [
    'raft',
    'held by a majority',
    [
      raft('n1', { log: [1, 1], commitIndex: 2 }),
      raft('n2', { log: [1, 1], commitIndex: 1 }),
      raft('n3', { log: [1] }),
      raft('n3', { log: [1] }),
      raft('n2', { log: [1] }),
    ],
  ],
  [
    'paxos',
    'counted promises',
    [
      paxos('n2', { promised: 3 }),
      paxos('n3', { promised: 2 }),
      paxos('n1', { promised: 3, promises: ['n1', 'n2'] }),
      paxos('n2', { promised: 2 }),
    ],
  ],
  [
    'paxos',
    'one configuration a slot',
    [
      paxos('n1', { promises: [], asks: ['n1', 'n2'] }),
      paxos('n2', { promises: [], asks: ['n2', 'n1'] }),
      paxos('n2', { promises: [], asks: ['n2', 'n3'] }),
    ],
  ],
  [
    'paxos',
    'held by a majority',
    [
      paxos('n1', { log: [[1, 'x']], chosen: 1 }),
      paxos('n2', { log: [[1, 'x']] }),
      paxos('n2', { log: [[1, 'y']] }),
    ],
  ],
  [
    'raft',
    'agreement',
    [
      raft('n1', { log: [1], commitIndex: 1 }),
      raft('n2', { log: [1], commitIndex: 1, command: 'y' }),
    ],
  ],
  [
    'paxos',
    'one chosen value',
    [paxos('n1', { log: [[1, 'a']], chosen: 1 }), paxos('n2', { log: [[2, 'b']], chosen: 1 })],
  ],
  [
    'paxos',
    'one value a ballot',
    [paxos('n1', { log: [[3, 'a']] }), paxos('n2', { log: [[3, 'b']] })],
  ],
  ['paxos', 'kept promises', [paxos('n1', {}), paxos('n1', { promised: 2, log: [[3, 'a']] })]],
  [
    'paxos',
    'agreement',
    [paxos('n1', { log: [[1, 'a']], chosen: 1 }), paxos('n2', { log: [[1, 'b']], chosen: 1 })],
  ],
];

describe('invariants', () => {
  it.each(broken)('%s: %s is seen to be broken, and only then', (store, name, states) => {
    const told = judge(store, name, states);
    expect(told.at(-1)).toEqual(expect.any(String));
    expect(told.slice(0, -1)).toEqual(states.slice(1).map(() => null));
    const first = states[0];
    if (first !== undefined)
      expect(judge(store, name, [first, first, first])).toEqual([null, null, null]);
  });

  it('forget a node that starts anew, but not what it had committed', () => {
    const before = { log: [1, 2], commitIndex: 2 };
    const restarted = { log: [1, 2], commitIndex: 0 };
    expect(
      judge('raft', 'state machine safety', [raft('n1', before), raft('n1', restarted)]),
    ).toEqual([null, null]);
    const other = { log: [1, 3], commitIndex: 2 };
    expect(
      judge('raft', 'state machine safety', [raft('n1', before), raft('n1', other)]).at(-1),
    ).toMatch(/index 2 was committed with term 2, n1 has term 3/);
  });

  it('see a replica go back in one life', () => {
    const state = { appliedIndex: 3 };
    const told = judge('raft', 'applied once', [
      ['n1', state],
      ['n1', { appliedIndex: 1 }],
    ]);
    expect(told).toEqual([null, null]);
    const watch = storeInvariants.paxos.find(({ name }) => name === 'applied once')?.watch();
    const own = { appliedIndex: 3 } as never;
    watch?.look('n1', own);
    Object.assign(own, { appliedIndex: 2 });
    expect(watch?.look('n1', own)).toBe('n1 went back from index 3 to 2');
  });

  it('compare replicas that have come to rest at one index', () => {
    const watch = storeInvariants.raft.find(({ name }) => name === 'convergence')?.watch();
    const at = (appliedIndex: number, value: string): never =>
      ({
        appliedIndex,
        machine: { values: new Map([['k', value]]), sessions: { byId: new Map() } },
      }) as never;
    expect(
      watch?.atRest?.(
        new Map([
          ['n1', at(5, 'a')],
          ['n2', at(5, 'a')],
        ]),
      ),
    ).toBeNull();
    expect(
      watch?.atRest?.(
        new Map([
          ['n1', at(5, 'a')],
          ['n2', at(4, 'b')],
        ]),
      ),
    ).toBeNull();
    expect(
      watch?.atRest?.(
        new Map([
          ['n1', at(5, 'a')],
          ['n2', at(5, 'b')],
        ]),
      ),
    ).toBe('at index 5 n1 and n2 differ: k is "a" and "b"');
  });
});
