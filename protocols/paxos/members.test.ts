import { describe, expect, it } from 'vitest';
import type { Rng } from '../../core/rng.ts';
import type { FaultKind } from '../testing/faults.ts';
import { type OrdealReport, ordeal } from '../testing/ordeal.ts';
import { type Paxos, paxosBugs, reckless } from './bugs/index.ts';
import {
  configuration,
  configurationAt,
  isReconfiguration,
  noteChosen,
  openConfigurations,
} from './membership.ts';
import { paxos } from './paxos.ts';
import { witnessed } from './witness.ts';

/** Members change all the time, and the window is narrow, so that changes overlap with everything. */
const kinds: readonly FaultKind[] = [
  ...(['members', 'members', 'members', 'transfer', 'transfer'] as const),
  ...([
    'isolate',
    'isolate-leader',
    'split',
    'bridge',
    'one-way',
    'kill',
    'power',
    'pause',
  ] as const),
];

function drawSettings(rng: Rng): Record<string, string> {
  return {
    alpha: rng.pick(['1', '2', '5', '30']),
    reads: rng.pick(['index', 'lease']),
    maxBatch: rng.pick(['1', '3', '64']),
    pipeline: rng.pick(['1', '3', '8']),
    window: rng.pick(['4', '50', '200']),
    snapshotChunk: rng.pick(['40', '262144']),
    heartbeatMs: '10',
    electionMs: rng.pick(['20', '40', '100']),
  };
}

const links = { delayMs: [0.2, 10], loss: 0.05, duplication: 0.05, reordering: 0.2 } as const;

function tryOut(consensus: Paxos, seed: number, compactEvery?: number): OrdealReport {
  return ordeal(seed, {
    ...{ consensus: witnessed(consensus), kinds, settings: drawSettings },
    ...{ durationMs: 3000, calmMs: 8000 },
    fixed: {
      links: { ...links, slowMs: [20, 250] },
      ...(compactEvery === undefined ? {} : { compactEvery }),
    },
  });
}

describe('members come and go under faults', () => {
  const reports = Array.from({ length: 150 }, (_, seed) => tryOut(paxos, seed));
  const total = (counter: string): number =>
    reports.reduce((sum, { counters }) => sum + (counters[counter] ?? 0), 0);

  it('and every slot has one value, which a quorum of its own members chose', () => {
    const found = reports.filter(({ violation }) => violation !== undefined);
    expect(found.map(({ seed, violation }) => `${seed}: ${violation?.message ?? ''}`)).toEqual([]);
  });

  it('often enough to prove something', () => {
    expect(total('memberChanges')).toBeGreaterThan(100);
    expect(total('handovers')).toBeGreaterThan(50);
    expect(total('snapshotsInstalled')).toBeGreaterThan(100);
  });

  it('also without the manners that spare a stable leader, but for progress', () => {
    const found = Array.from({ length: 50 }, (_, seed) => tryOut(reckless(paxos), seed))
      .map(({ violation }) => violation)
      .filter((violation) => violation !== undefined && violation.invariant !== 'progress');
    expect(found).toEqual([]);
  });
});

describe('a bug in how members change is convicted within 100 seeds', () => {
  const safety = [
    ...['one chosen value', 'one value a ballot', 'state machine safety'],
    ...['window of proposals', 'linearizable reads'],
  ];

  /** The others are convicted by the scripts of `scenario.test.ts`. */
  it.each(['paxos-config-at-once', 'paxos-snapshot-without-members', 'paxos-members-not-durable'])(
    '%s',
    (name) => {
      const wrong = paxosBugs.find((each) => each.name === name)!.plant(reckless(paxos));
      let charge: string | undefined;
      for (let seed = 0; seed < 100 && charge === undefined; seed++) {
        const { violation } = tryOut(wrong, seed, 5);
        if (violation?.invariant !== 'progress') charge = violation?.invariant;
      }
      expect(safety).toContain(charge);
    },
  );
});

describe('the configuration of a slot', () => {
  const alpha = 3;
  const state = {
    configurations: [configuration({ slot: 0, members: ['n1', 'n2', 'n3'] }, alpha)],
    chosen: 0,
  };
  const command = { kind: 'members', members: ['n4', 'n5'] } as const;
  noteChosen(state, { slot: 7, command, alpha });
  const membersAt = (slot: number): readonly string[] => configurationAt(state, slot).members;

  it('is a new one from α slots after its own', () => {
    expect([membersAt(9), membersAt(10)]).toEqual([
      ['n1', 'n2', 'n3'],
      ['n4', 'n5'],
    ]);
  });

  it('is noted once, however often it is told', () => {
    noteChosen(state, { slot: 7, command, alpha });
    expect(state.configurations).toHaveLength(2);
  });

  it('is open while slots of it are', () => {
    expect(openConfigurations({ ...state, chosen: 8 })).toHaveLength(2);
    expect(openConfigurations({ ...state, chosen: 9 })).toHaveLength(1);
  });

  it.each([[null], ['members'], [{ kind: 'members' }], [{ kind: 'members', members: [1] }]])(
    'is not what %j says',
    (other) => expect(isReconfiguration(other)).toBe(false),
  );
});
