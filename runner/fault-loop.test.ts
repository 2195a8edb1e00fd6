import { describe, expect, it } from 'vitest';
import type { Cluster } from '../core/cluster.ts';
import type { Nemesis } from '../core/nemesis.ts';
import type { PlannedFault } from '../core/run.ts';
import { simulation } from '../simulator/virtual-time.ts';
import { faultLoop } from './fault-loop.ts';
import { recorderTo } from './recorder.ts';

/** Nothing but what the loop itself asks of a cluster. */
const cluster = { nodes: [], network: { dropped: () => Promise.resolve(0) } } as unknown as Cluster;
const observer = {
  ...{ sightings: [], leader: () => undefined, members: () => undefined },
  look: () => Promise.reject(new Error('nobody looks')),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** A kind of fault whose cure is what `heal` says. */
function nemesisOf(name: string, heal: () => Promise<object>, isPatient = false): Nemesis {
  return {
    ...{ name, summary: '', variants: ['one'], isPatient, misfit: () => null },
    choose: (variant) => ({ kind: name, variant, targets: [], summary: name, data: {} }),
    inject: () => Promise.resolve({}),
    heal: () => heal().then(() => ({})),
  };
}

interface Played {
  readonly outcome: string | null;
  readonly phases: readonly string[];
}

/** The cluster's own cure, beside a fault that lasts from 1 to 5 s. */
async function play(cure: (inForce: readonly string[]) => Promise<object>): Promise<Played> {
  const time = simulation();
  const phases: string[] = [];
  const recorder = recorderTo(
    { append: () => undefined, flush: () => Promise.resolve() },
    time.clock,
    (event) => {
      if ('fault' in event) phases.push(`${event.fault} ${event.phase}`);
    },
  );
  const nemeses = new Map([
    ['cut', nemesisOf('cut', () => Promise.resolve({}))],
    ['members', nemesisOf('members', () => cure(loop.inForce()), true)],
  ]);
  const common = { variant: 'one', draw: 1 };
  const plan: PlannedFault[] = [
    { ...common, kind: 'cut', atMs: 1000, durationMs: 4000 },
    { ...common, kind: 'members', atMs: 2000, durationMs: 1000 },
  ];
  const { signal } = new AbortController();
  const loop = faultLoop({
    ...{ plan, nemeses, cluster, observer, recorder, signal, clock: time.clock },
  });
  return { outcome: await time.run(() => loop.run()), phases };
}

describe('a cure that the cluster has to bring about', () => {
  it('is asked for again when nothing else is in force', async () => {
    const { outcome, phases } = await play((inForce) =>
      inForce.includes('cut') ? Promise.reject(new Error('no quorum')) : Promise.resolve({}),
    );
    expect(outcome).toBe(null);
    expect(phases.slice(-3)).toEqual(['cut end', 'members heal', 'members end']);
  });

  it('and that does not come about even then is told, and breaks nothing off', async () => {
    const { outcome, phases } = await play(() => Promise.reject(new Error('UNDERWAY')));
    expect(outcome).toBe('with nothing else in force, "members" could not be taken back: UNDERWAY');
    expect(phases).toContain('cut end');
  });
});
