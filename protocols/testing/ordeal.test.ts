import { describe, expect, it } from 'vitest';
import type { Consensus, ConsensusEffect } from '../consensus.ts';
import { testCluster } from './cluster.ts';
import { faultKinds } from './faults.ts';
import { type OrdealOptions, ordeal } from './ordeal.ts';
import { type SequencerMessage, type SequencerState, sequencer } from './sequencer.ts';

type Sequencer = Consensus<SequencerState, SequencerMessage>;
type Effects = ConsensusEffect<SequencerMessage>[];

const seeds = Array.from({ length: 15 }, (_, at) => at);

function violations(
  consensus: Sequencer,
  hard: Partial<OrdealOptions<SequencerState, SequencerMessage>> = {},
): string[] {
  return seeds.flatMap((seed) => {
    const report = ordeal(seed, { consensus, durationMs: 2000, calmMs: 3000, ...hard });
    return report.violation === undefined ? [] : [report.violation.invariant];
  });
}

/** The sequencer with some of its effects changed on their way out. */
function bent(bend: (effects: Effects, state: SequencerState) => Effects): Sequencer {
  return {
    ...sequencer,
    step: (state, input, nowMs) => bend(sequencer.step(state, input, nowMs), state),
  };
}

describe('an ordeal', () => {
  it('finds nothing wrong with a correct consensus', () => {
    expect(violations(sequencer)).toEqual([]);
  });

  it('is the same for the same seed', () => {
    const options = { consensus: sequencer, durationMs: 2000, calmMs: 3000 };
    expect(ordeal(7, options)).toEqual(ordeal(7, options));
    expect(ordeal(7, options)).not.toEqual(ordeal(8, options));
  });

  it('is hard: every kind of fault strikes, and links lose, double and reorder', () => {
    const options = { consensus: sequencer, durationMs: 2000, calmMs: 3000 };
    const reports = seeds.map((seed) => ordeal(seed, options));
    for (const kind of faultKinds) {
      expect(reports.some(({ faults }) => faults[kind] > 0)).toBe(true);
    }
    for (const name of ['lost', 'duplicated', 'reordered', 'cut'] as const) {
      expect(reports.some(({ links }) => links[name] > 0)).toBe(true);
    }
    expect(reports.every(({ applied }) => applied > 0)).toBe(true);
  });

  it('convicts a consensus that sends before its disk has the order', () => {
    const hasty = bent((effects) =>
      effects.map((each) => (each.kind === 'send' ? { ...each, early: true } : each)),
    );
    const slowDisk = { kinds: ['power'], fixed: { fsyncMs: [5, 20] } } as const;
    expect(violations(hasty, slowDisk)).not.toEqual([]);
  });

  it('convicts a consensus that applies commands in another order', () => {
    const swapped = bent((effects, { self }) =>
      effects.map((each) =>
        each.kind === 'apply' && self === 'n2'
          ? { ...each, entries: each.entries.map((entry) => ({ ...entry, command: 'other' })) }
          : each,
      ),
    );
    expect(violations(swapped)).toContain('state machine safety');
  });

  it('convicts a consensus that skips an index', () => {
    const skipping = bent((effects) =>
      effects.map((each) =>
        each.kind === 'apply' ? { ...each, entries: each.entries.slice(1) } : each,
      ),
    );
    expect(violations(skipping)).toContain('apply order');
  });

  it('convicts a consensus that rejects what it has put into the log', () => {
    const denying = bent((effects) =>
      effects.map((each) =>
        each.kind === 'proposed' && each.index % 5 === 0
          ? { kind: 'rejected', id: each.id, reason: 'overloaded' }
          : each,
      ),
    );
    expect(violations(denying)).toContain('fate of proposals');
  });

  it('convicts a consensus that names the wrong index', () => {
    const misnaming = bent((effects) =>
      effects.map((each) => (each.kind === 'proposed' ? { ...each, index: each.index + 1 } : each)),
    );
    expect(violations(misnaming)).toContain('fate of proposals');
  });

  it('convicts a consensus that answers a read with less than was committed', () => {
    const stale = bent((effects) =>
      effects.map((each) =>
        each.kind === 'readable' ? { ...each, index: Math.max(0, each.index - 1) } : each,
      ),
    );
    expect(violations(stale)).toContain('linearizable reads');
  });

  it('convicts a consensus that comes to a halt', () => {
    const mute = bent((effects, { log }) =>
      log.length > 20 ? effects.filter(({ kind }) => kind !== 'send') : effects,
    );
    expect(violations(mute)).toContain('progress');
  });

  it('convicts a consensus that asks for ticks without end', () => {
    const restless = { ...sequencer, wakeAt: () => 0 };
    expect(violations(restless)).toContain('wake-up');
  });
});

describe('a node', () => {
  const options = { consensus: sequencer, nodes: 3, seed: 1 } as const;

  it('loses what was not synced when power fails, and keeps what was', () => {
    const cluster = testCluster({ ...options, fsyncMs: [5, 5] });
    cluster.propose('n1', 'kept');
    cluster.runFor(6);
    cluster.propose('n1', 'lost');
    cluster.node('n1').crash();
    cluster.node('n1').start();
    cluster.runFor(100);
    expect(cluster.node('n2').machine.commands).toEqual(['kept']);
  });

  it('may keep un-synced records that the disk wrote on its own', () => {
    const cluster = testCluster({ ...options, fsyncMs: [5, 5] });
    cluster.propose('n1', 'one');
    cluster.propose('n1', 'two');
    cluster.node('n1').crash(1);
    cluster.node('n1').start();
    cluster.runFor(100);
    expect(cluster.node('n2').machine.commands).toEqual(['one']);
  });

  it('holds back what comes while it is paused', () => {
    const cluster = testCluster(options);
    cluster.node('n2').pause();
    cluster.propose('n1', 'x');
    cluster.runFor(100);
    expect(cluster.node('n2').machine.commands).toEqual([]);
    cluster.node('n2').resume();
    cluster.runFor(1);
    expect(cluster.node('n2').machine.commands).toEqual(['x']);
  });

  it('serves all waiting writes with one sync', () => {
    const cluster = testCluster({ ...options, fsyncMs: [5, 5] });
    for (let at = 0; at < 10; at++) cluster.propose('n1', at);
    cluster.runFor(11);
    expect(cluster.node('n1').machine.appliedIndex).toBe(10);
  });

  it('says what was awaited when a deadline passes', () => {
    const cluster = testCluster(options);
    expect(() => cluster.runUntil('a miracle', () => false, 50)).toThrow(
      'expected a miracle within 50 ms',
    );
  });
});
