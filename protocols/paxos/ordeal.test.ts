import { describe, expect, it } from 'vitest';
import { type Rng, rngOf } from '../../core/rng.ts';
import { type OrdealOptions, type OrdealReport, ordeal } from '../testing/ordeal.ts';
import type { PaxosMessage } from './messages.ts';
import { type Paxos, paxosBugs, reckless } from './bugs/index.ts';
import { paxos } from './paxos.ts';
import type { PaxosState } from './state.ts';
import { witnessed } from './witness.ts';

type Options = Partial<OrdealOptions<PaxosState, PaxosMessage>>;

/** Sizes of everything are drawn, because large batches and windows hide bugs. */
function drawSettings(rng: Rng): Record<string, string> {
  return {
    reads: rng.pick(['index', 'lease']),
    maxBatch: rng.pick(['1', '3', '64']),
    pipeline: rng.pick(['1', '3', '8']),
    // No more than a slow disk can catch up with, one slot at a time, while the cluster is calm.
    window: rng.pick(['4', '50', '200']),
    snapshotChunk: rng.pick(['40', '262144']),
    heartbeatMs: rng.pick(['20', '50']),
    electionMs: rng.pick(['100', '300']),
  };
}

function drawStorm(rng: Rng): Record<string, string> {
  return {
    ...drawSettings(rng),
    maxBatch: rng.pick(['1', '3']),
    heartbeatMs: '10',
    electionMs: rng.pick(['20', '40', '80']),
  };
}

/** Time-outs near the delays of the links, so that leaders are suspected all the time. */
const stormy: Options = {
  settings: drawStorm,
  kinds: ['isolate', 'isolate-leader', 'split', 'bridge', 'one-way', 'kill', 'pause'],
  fixed: {
    links: {
      delayMs: [0.2, 10],
      loss: 0.05,
      duplication: 0.05,
      reordering: 0.2,
      slowMs: [20, 250],
    },
  },
};

const durationMs = 3000;

/** Power fails just when a node has claimed something that its disk may not have. */
function triggered(seed: number): Options {
  const rng = rngOf(seed, 'trigger');
  return {
    ...stormy,
    kinds: ['power', 'isolate', 'isolate-leader'],
    fixed: {
      ...stormy.fixed,
      fsyncMs: [2, 20],
      onSend({ from, message }, cluster) {
        const claims = message.kind === 'promise' || message.kind === 'accepted';
        if (!claims || cluster.nowMs() > durationMs || rng.float() > 0.2) return;
        const node = cluster.node(from);
        cluster.soon(() => {
          node.crash(rng.int(0, node.unsynced()));
          cluster.after(rng.int(5, 100), () => node.start());
        });
      },
    },
  };
}

function tryOut(consensus: Paxos, seed: number, options: Options): OrdealReport {
  const usual = { durationMs, calmMs: 8000, settings: drawSettings };
  return ordeal(seed, { ...usual, ...options, consensus: witnessed(consensus) });
}

function violations(consensus: Paxos, seeds: number, options: (seed: number) => Options): string[] {
  return Array.from({ length: seeds }, (_, seed) => tryOut(consensus, seed, options(seed)))
    .filter(({ violation }) => violation !== undefined)
    .map(({ seed, violation }) => `seed ${seed}: ${violation?.message ?? ''}`);
}

describe('Multi-Paxos keeps its promises', () => {
  it('under faults of every kind', () => {
    expect(violations(paxos, 60, () => ({}))).toEqual([]);
  });

  it('with leaders suspected all the time', () => {
    expect(violations(paxos, 40, () => stormy)).toEqual([]);
  });

  it('with power failing after a promise or an acceptance', () => {
    expect(violations(paxos, 40, triggered)).toEqual([]);
  });

  it('also without the manners that spare a stable leader, but for progress', () => {
    const found = violations(reckless(paxos), 40, () => stormy);
    expect(found.filter((each) => !each.includes(': progress:'))).toEqual([]);
  });

  it('twice alike for the same seed', () => {
    expect(tryOut(paxos, 5, {})).toEqual(tryOut(paxos, 5, {}));
  });
});

describe('the ordeals are hard enough', () => {
  const reached = new Set<string>();
  /** Slots that got a no-op, by run, ballot and slot. */
  const filled = new Set<string>();
  const seen = (message: PaxosMessage): void => {
    if (message.kind === 'promise' && message.reports.length > 0) reached.add('report');
    if (message.kind === 'promise' && message.next > 0) reached.add('paged promise');
    if (message.kind === 'accept' && message.commands.length > 1) reached.add('batch');
    if (message.kind === 'accept') {
      for (const [at, command] of message.commands.entries()) {
        const { round, node } = message.ballot;
        if (command === null) filled.add(`${runs}/${round}.${node}/${message.from + at}`);
      }
    }
    if (message.kind === 'snapshot' && message.offset > 0) reached.add('snapshot in parts');
    if (message.kind === 'probed' && !message.granted) reached.add('refused probe');
    reached.add(message.kind);
  };
  const fixed = {
    ...stormy.fixed,
    compactEvery: 5,
    onSend: ({ message }) => seen(message),
  } satisfies Options['fixed'];
  // Gaps come of many small batches under way at once, some of which are lost: they get no-ops.
  const settings = (rng: Rng) => ({ ...drawStorm(rng), pipeline: '32' });
  let runs = 0;
  const reports = Array.from({ length: 60 }, (_, seed) => {
    runs = seed;
    return tryOut(paxos, seed, { ...stormy, settings, fixed });
  });
  const total = (counter: string): number =>
    reports.reduce((sum, { counters }) => sum + (counters[counter] ?? 0), 0);

  it.each(['elections', 'recovered', 'rejects', 'resends', 'catchUps'])('%s happen', (counter) =>
    expect(total(counter)).toBeGreaterThan(0),
  );

  it('gaps are filled with no-ops, in several runs (and by a script in `gap.txt`)', () => {
    expect(filled.size).toBeGreaterThan(15);
    expect(new Set([...filled].map((slot) => slot.split('/')[0])).size).toBeGreaterThan(4);
  });

  it('logs are compacted and snapshots installed, in parts too', () => {
    expect(total('snapshotsInstalled')).toBeGreaterThan(10);
    expect([...reached]).toEqual(expect.arrayContaining(['behind', 'snapshot in parts']));
  });

  it('phase 1 finds values, and pages of them', () => {
    expect([...reached]).toEqual(expect.arrayContaining(['report', 'paged promise']));
    expect([...reached]).toEqual(expect.arrayContaining(['batch', 'refused probe']));
  });
});

/** Bugs that only a script reaches are convicted in `scenario.test.ts` and `reads.test.ts`. */
describe('a bug is convicted within 100 seeds', () => {
  const safety = ['one chosen value', 'one value a ballot', 'state machine safety'];
  const staleness = [...safety, 'linearizable reads'];

  it.each([
    ['paxos-accepted-not-durable', paxos, staleness, triggered],
    ['paxos-accept-ignores-promise', reckless(paxos), safety, () => stormy],
    ['paxos-one-ballot-var', paxos, safety, triggered],
    ['paxos-gc-forgets', paxos, safety, () => stormy],
    ['paxos-own-value', paxos, staleness, () => stormy],
    ['paxos-recover-own-tail', paxos, staleness, () => stormy],
    ['paxos-stale-promise', paxos, safety, () => stormy],
    ['paxos-flex-disjoint', paxos, staleness, () => stormy],
    ['paxos-gap-skip', paxos, safety, () => stormy],
    ['paxos-any-ballot-chosen', paxos, safety, () => stormy],
    ['paxos-leader-local-read', paxos, ['linearizable reads'], () => stormy],
    ['paxos-read-before-recovery', paxos, ['linearizable reads'], () => stormy],
  ] as const)('%s', (id, base, charges, options) => {
    const wrong = paxosBugs.find((each) => each.name === id)!.plant(base);
    let charge: string | undefined;
    for (let seed = 0; seed < 100 && charge === undefined; seed++) {
      const { violation } = tryOut(wrong, seed, options(seed));
      if (violation?.invariant !== 'progress') charge = violation?.invariant;
    }
    expect(charges).toContain(charge);
  });
});
