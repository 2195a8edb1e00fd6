import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import type { Bench, BenchCell, BenchRound, BenchWindow, FaultCost } from '../../core/bench.ts';
import { type Rng, rngOf } from '../../core/rng.ts';

export interface SampleBenchOptions {
  readonly subjects?: readonly string[];
  readonly clients?: readonly number[];
  readonly nodes?: readonly number[];
  readonly faults?: readonly (string | null)[];
  readonly rounds?: number;
  readonly seed?: number;
}

/** A bench of systems that exist in arithmetic alone: they saturate, and stop while a leader is away. */
export function sampleBench({
  subjects = ['raft', 'paxos', 'null'],
  clients = [1, 4, 16, 64, 256],
  nodes = [3],
  faults = [null],
  rounds = 4,
  seed = 5,
}: SampleBenchOptions = {}): Bench {
  const rng = rngOf(seed, 'bench');
  const cells = faults.flatMap((fault) =>
    nodes.flatMap((size) =>
      clients.flatMap((count) => subjects.map((subject) => cellOf(subject, count, size, fault))),
    ),
  );
  return {
    schema: 1,
    name: `bench-${subjects.join('-')}`,
    startedAt: '2026-01-31T12:00:00.000Z',
    command: `dtest bench ${subjects.join(' ')} --concurrency ${clients.join(',')} --seed ${String(seed)}`,
    seed,
    warmUpRule: 'until throughput of two seconds in turn differs by less than 5 %, 10 s at most',
    cells,
    rounds: Array.from({ length: rounds }, (_, at) =>
      cells.map((cell) => roundOf(cell, at + 1, { rng, subjects })),
    ).flat(),
    objectives: subjects.map((subject, at) => ({
      subject,
      objective: 'p99<20ms',
      rate: at === 1 ? null : 4000 + 1000 * at,
      tried: [
        { rate: 2000, measuredMs: 4.5, met: at !== 1 },
        { rate: 8000, measuredMs: 31, met: false },
      ],
    })),
    facts: { dtest: '0.1.0', node: '24.0.0', cores: 2, images: { raft: 'sha256:1f2e' } },
  };
}

function cellOf(subject: string, clients: number, nodes: number, fault: string | null): BenchCell {
  return {
    id: `${subject} n${String(nodes)} c${String(clients)} r0.5 v16${fault === null ? '' : ` ${fault}`}`,
    ...{ subject, system: subject, settings: {}, world: 'docker', nodes },
    load: { kind: 'closed', clients },
    mix: { name: 'r0.5', shares: { read: 0.5, write: 0.5 } },
    keys: { distribution: 'zipf', count: 10_000 },
    ...{ valueBytes: 16, fault },
  };
}

interface Around {
  readonly rng: Rng;
  readonly subjects: readonly string[];
}

const [warmUpMs, measuredMs, windowMs] = [2000, 10_000, 500];

function roundOf(cell: BenchCell, round: number, { rng, subjects }: Around): BenchRound {
  const { clients } = cell.load;
  const ceiling = (9000 / (1 + subjects.indexOf(cell.subject) * 0.35)) * Math.sqrt(3 / cell.nodes);
  const share = clients / (clients + 12);
  const rate = ceiling * share * (0.97 + 0.06 * rng.float());
  const meanUs = (1e6 * clients) / rate;
  const fault = cell.fault === null ? [] : [faultOf(cell.fault, rng)];
  const ok = Math.round((rate * measuredMs) / 1000);
  return {
    ...{ cell: cell.id, round, startedAt: '2026-01-31T12:00:00.000Z', warmUpMs, measuredMs },
    ...{ counts: { ok, fail: fault.length * 40, info: fault.length * 6 }, unissued: 0, windowMs },
    latencies: { read: histogram(meanUs * 0.7, rng), write: histogram(meanUs * 1.3, rng) },
    windows: windowsOf(rate, meanUs / 1000, { fault: fault[0], rng }),
    generator: {
      ...{ threads: 2, cpuShare: 0.3 * share, cpuPerOperationUs: 28, eventLoopDelayP99Ms: 1.2 },
      ...{ busyShare: share, lateP99Ms: 0 },
      limitedBy:
        cell.subject === 'null' && clients > 64 ? 'its busiest thread had no time left' : null,
    },
    costs:
      cell.subject === 'null'
        ? null
        : { messages: 4 / share, bytes: 420 / share, fsyncs: 1.5 - share, elections: fault.length },
    faults: fault,
    verdict: { valid: 'valid', reason: 'all operations are linearizable' },
  };
}

function faultOf(kind: string, rng: Rng): FaultCost {
  const withoutServiceMs = Math.round(700 + 600 * rng.float());
  return {
    ...{ kind, summary: `${kind} of the leader`, targets: ['n1'], beginMs: 6000, endMs: 9000 },
    ...{ withoutServiceMs, recoveredAfterMs: withoutServiceMs + 200, errors: 46 },
  };
}

function windowsOf(
  rate: number,
  p50Ms: number,
  { fault, rng }: { readonly fault: FaultCost | undefined; readonly rng: Rng },
): BenchWindow[] {
  return Array.from({ length: (warmUpMs + measuredMs) / windowMs }, (_, at) => {
    const atMs = at * windowMs;
    const sinceMs = fault === undefined ? Infinity : atMs - fault.beginMs;
    const isStopped = sinceMs >= 0 && sinceMs < (fault?.withoutServiceMs ?? 0);
    const warm = Math.min(1, 0.4 + atMs / 3000);
    const ok = isStopped
      ? 0
      : Math.round(((rate * windowMs) / 1000) * warm * (0.9 + 0.2 * rng.float()));
    const stretch = isStopped ? 0 : 1 + rng.float();
    return {
      atMs,
      ok,
      errors: isStopped ? 20 : 0,
      p50Ms: p50Ms * stretch,
      p99Ms: 4 * p50Ms * stretch,
    };
  });
}

function histogram(meanUs: number, rng: Rng): string {
  const all = build({ lowestDiscernibleValue: 1, numberOfSignificantValueDigits: 3 });
  for (let each = 0; each < 3000; each++)
    all.recordValue(Math.max(1, Math.round(rng.exponential(meanUs))));
  return encodeIntoCompressedBase64(all);
}
