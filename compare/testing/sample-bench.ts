import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import type { Bench, BenchCell, BenchRound } from '../../core/bench.ts';
import { type Rng, rngOf } from '../../core/rng.ts';
import { normalDraw } from '../draws.ts';

/** What a simulated system does, and how much it is disturbed. */
export interface SampleOptions {
  readonly seed: number;
  readonly subjects?: readonly string[];
  readonly rounds?: number;
  readonly clients?: readonly number[];
  /** How many times as fast each subject is as the first. */
  readonly speeds?: Readonly<Record<string, number>>;
  /** Standard deviation of a round, as a share, and of a step of the machine's drift from round to round. */
  readonly noise?: number;
  readonly drift?: number;
  readonly fault?: string | null;
}

/**
 * A benchmark as `dtest bench` saves it, of systems that exist in arithmetic alone: rounds that differ,
 * now and then one that a neighbour slowed down, and a machine that drifts for all that take turns.
 */
export function sampleBench({
  seed,
  subjects = ['raft'],
  rounds = 5,
  clients = [16, 64],
  speeds = {},
  noise = 0.04,
  drift = 0.03,
  fault = null,
}: SampleOptions): Bench {
  const rng = rngOf(seed, 'sample');
  const cells = clients.flatMap((count) =>
    subjects.map((subject) => cellOf(subject, count, fault)),
  );
  const all: BenchRound[] = [];
  let machine = 1;
  for (let round = 1; round <= rounds; round++) {
    machine *= Math.exp(drift * normalDraw(rng));
    const disturbed = rng.float() < 0.1 ? 0.85 : 1;
    for (const cell of cells) {
      const own = Math.exp(noise * normalDraw(rng)) * (speeds[cell.subject] ?? 1);
      all.push(roundOf({ cell, round, speed: machine * disturbed * own, rng }));
    }
  }
  return {
    schema: 1,
    name: `bench-${subjects.join('-')}`,
    startedAt: '2026-01-31T12:00:00.000Z',
    command: `dtest bench ${subjects.join(' ')} --seed ${seed}`,
    seed,
    warmUpRule: 'none',
    cells,
    rounds: all,
    objectives: [],
    facts: { dtest: '0.1.0', node: '24.0.0', platform: 'linux x64', cores: 2 },
  };
}

function cellOf(subject: string, clients: number, fault: string | null): BenchCell {
  return {
    id: `${subject} n3 c${clients} r0.5 v16`,
    ...{ subject, system: subject, settings: {}, world: 'local', nodes: 3 },
    load: { kind: 'closed', clients },
    mix: { name: 'r0.5', shares: { read: 0.5, write: 0.5 } },
    keys: { distribution: 'uniform', count: 1000 },
    ...{ valueBytes: 16, fault },
  };
}

interface Conditions {
  readonly cell: BenchCell;
  readonly round: number;
  readonly speed: number;
  readonly rng: Rng;
}

function roundOf({ cell, round, speed, rng }: Conditions): BenchRound {
  const measuredMs = 5000;
  const rate = 2000 * speed;
  const ok = Math.round((rate * measuredMs) / 1000);
  const meanUs = (1e6 * cell.load.clients) / rate;
  const stall = 100 + 400 * rng.float();
  return {
    ...{ cell: cell.id, round, startedAt: '2026-01-31T12:00:00.000Z', warmUpMs: 1000, measuredMs },
    ...{ counts: { ok, fail: 0, info: 0 }, unissued: 0, windows: [], windowMs: 500 },
    latencies: { read: latencies(meanUs, rng), write: latencies(1.5 * meanUs, rng) },
    generator: {
      ...{ threads: 1, cpuShare: 0.3, cpuPerOperationUs: 40, eventLoopDelayP99Ms: 1 },
      ...{ busyShare: 0.4, lateP99Ms: 0, limitedBy: null },
    },
    costs: {
      messages: 4,
      bytes: 400 + 8 * rng.float(),
      fsyncs: 0.8 + 0.1 * rng.float(),
      elections: 0,
    },
    faults:
      cell.fault === null
        ? []
        : [
            {
              ...{
                kind: cell.fault,
                summary: cell.fault,
                targets: ['n1'],
                beginMs: 2000,
                endMs: 3000,
              },
              ...{ withoutServiceMs: stall, recoveredAfterMs: stall + 300, errors: 3 },
            },
          ],
    verdict: { valid: 'valid', reason: 'all operations are linearizable' },
  };
}

function latencies(meanUs: number, rng: Rng): string {
  const histogram = build({ lowestDiscernibleValue: 1, numberOfSignificantValueDigits: 3 });
  for (let each = 0; each < 400; each++) {
    histogram.recordValue(Math.max(1, Math.round(rng.exponential(meanUs))));
  }
  return encodeIntoCompressedBase64(histogram);
}
