import type { FaultEvent, HistoryEvent, OpEvent } from '../../core/event.ts';
import { historyOf } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';
import { type Rng, rngOf } from '../../core/rng.ts';
import type { LatencyStats, OpStats, Plan, Results, Run, RunStats } from '../../core/run.ts';

export interface SampleOptions {
  readonly ops?: number;
  readonly seconds?: number;
  readonly seed?: number;
  readonly faults?: boolean;
}

/** A finished run as a real one might look: clients of a store that loses its leader now and then. */
export function sampleRun(options: SampleOptions = {}): Run {
  const { ops = 1000, seconds = 30, seed = 7, faults = true } = options;
  const rng = rngOf(seed, 'sample');
  const spans = faults ? faultSpans(seconds) : [];
  const events = [
    ...clientEvents({ ops, seconds, spans, rng }),
    ...spans.flatMap((span, id) => faultEvents(span, id)),
  ]
    .sort((a, b) => a.timeNs - b.timeNs)
    .map((event, index) => ({ ...event, index }));
  return runOf(events, { seconds, seed, faults });
}

interface Span {
  readonly kind: string;
  readonly variant: string;
  readonly summary: string;
  readonly fromS: number;
  readonly toS: number;
}

function faultSpans(seconds: number): Span[] {
  const of = (share: number): number => share * seconds;
  return [
    {
      kind: 'partition',
      variant: 'isolate-leader',
      summary: 'n3 cut off from the others',
      fromS: of(0.12),
      toS: of(0.28),
    },
    { kind: 'kill', variant: 'one', summary: 'n1 killed', fromS: of(0.42), toS: of(0.5) },
    { kind: 'pause', variant: 'minority', summary: 'n2, n4 paused', fromS: of(0.46), toS: of(0.6) },
    {
      kind: 'partition',
      variant: 'majority-minority',
      summary: 'n1, n2 | n3, n4, n5',
      fromS: of(0.72),
      toS: of(0.88),
    },
  ];
}

function faultEvents(span: Span, faultId: number): FaultEvent[] {
  const value: Json = {
    variant: span.variant,
    targets: ['n3'],
    summary: span.summary,
    data: {},
  };
  const at = (phase: FaultEvent['phase'], timeS: number): FaultEvent => ({
    index: 0,
    timeNs: Math.round(timeS * 1e9),
    process: 'nemesis',
    phase,
    fault: span.kind,
    faultId,
    value,
  });
  return [
    at('begin', span.fromS),
    at('active', span.fromS + 0.05),
    at('heal', span.toS),
    at('end', span.toS + 0.3),
  ];
}

interface Load {
  readonly ops: number;
  readonly seconds: number;
  readonly spans: readonly Span[];
  readonly rng: Rng;
}

/** Ten workers in closed loop; a worker whose operation ended unknown goes on as a new process. */
function clientEvents({ ops, seconds, spans, rng }: Load): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  const workers = 10;
  const processes = Array.from({ length: workers }, (_, at) => at);
  const gapS = seconds / ops;
  const freeAtS = new Array<number>(workers).fill(0);
  for (let number = 0; number < ops; number++) {
    const worker = freeAtS.indexOf(Math.min(...freeAtS));
    const startS = Math.max(freeAtS[worker] ?? 0, number * gapS);
    if (startS >= seconds) break;
    const process = processes[worker] ?? worker;
    const span = spans.find((each) => each.fromS <= startS && startS <= each.toS);
    const { phase, latencyS } = draw(rng, startS, span, worker);
    const doneS = Math.min(startS + latencyS, seconds);
    events.push(
      ...operation({ rng, process, startS, doneS, phase, node: `n${String((worker % 5) + 1)}` }),
    );
    freeAtS[worker] = doneS;
    if (phase === 'info') processes[worker] = process + workers;
  }
  return events;
}

function draw(rng: Rng, startS: number, span: Span | undefined, worker: number) {
  const calmS =
    0.002 * Math.exp(rng.float() + rng.float() + rng.float() - 1.2) +
    (rng.float() < 0.004 ? 0.08 : 0);
  if (span === undefined) return { phase: 'ok' as const, latencyS: calmS };
  const sinceS = startS - span.fromS;
  const electing = sinceS < 0.9;
  if (span.kind === 'partition' && worker % 5 === 2) {
    return rng.float() < 0.75
      ? { phase: 'info' as const, latencyS: 1 }
      : { phase: 'fail' as const, latencyS: 0.0009 + rng.float() * 0.001 };
  }
  if (electing && rng.float() < 0.2) return { phase: 'fail' as const, latencyS: 0.001 };
  if (electing) return { phase: 'ok' as const, latencyS: 0.9 - sinceS + calmS * 3 };
  return { phase: 'ok' as const, latencyS: calmS * 1.6 };
}

interface Sketch {
  readonly rng: Rng;
  readonly process: number;
  readonly startS: number;
  readonly doneS: number;
  readonly phase: 'ok' | 'fail' | 'info';
  readonly node: string;
}

function operation({ rng, process, startS, doneS, phase, node }: Sketch): OpEvent[] {
  const op = rng.pick(['read', 'read', 'read', 'write', 'write', 'cas']);
  const value: Json = op === 'read' ? null : op === 'write' ? rng.int(0, 9) : [1, 2];
  const shared = { index: 0, process, op, key: rng.int(0, 4), value, node };
  const startNs = Math.round(startS * 1e9);
  const end: OpEvent = {
    ...shared,
    timeNs: Math.round(doneS * 1e9),
    phase,
    value: op === 'read' && phase === 'ok' ? rng.int(0, 9) : value,
    ...(phase === 'ok' ? {} : { error: phase === 'info' ? 'timeout after 1000 ms' : 'not leader' }),
  };
  return [{ ...shared, timeNs: startNs, phase: 'invoke' }, end];
}

function runOf(
  events: HistoryEvent[],
  shape: { seconds: number; seed: number; faults: boolean },
): Run {
  const { seconds, seed, faults } = shape;
  const stats = statsOf(events, seconds);
  const command = `dtest run register --system raft --world local --nodes 5 --concurrency 10 --time ${seconds}s --nemesis partition,kill,pause --seed ${seed}`;
  return {
    name: 'register-raft',
    path: 'store/register-raft/20250102T030405',
    startedAt: '2025-01-02T03:04:05.678Z',
    plan: planOf(seconds, seed),
    facts: {
      node: 'v24.1.0',
      platform: 'linux x64',
      cpus: 8,
      mechanism: 'nft',
      images: { bundled: 'sha256:1f2e' },
    },
    history: historyOf(events),
    command,
    results: resultsOf(stats, faults),
  };
}

function resultsOf(stats: RunStats, faults: boolean): Results {
  return {
    valid: 'valid',
    reason: 'every one of 5 keys is linearizable, and each kind of fault had an effect',
    verdict: {
      checker: 'linearizable',
      valid: 'valid',
      summary: 'all 5 keys are linearizable',
      details: {
        partitions: 5,
        operations: stats.counts.ok,
        steps: 48_211,
        unknownKeys: [],
        failures: [],
      },
    },
    faults: faults
      ? [
          {
            fault: 'partition',
            injected: 2,
            failed: 0,
            bit: 2,
            effects: { errors: 41, leaderChanges: 2, droppedPackets: 812 },
          },
          {
            fault: 'kill',
            injected: 1,
            failed: 0,
            bit: 1,
            effects: { errors: 6, leaderChanges: 1 },
          },
          { fault: 'pause', injected: 1, failed: 0, bit: 0, effects: {} },
        ]
      : [],
    stats,
    thresholds: [
      { text: 'p99<50ms', measured: 912.4, met: false },
      { text: 'throughput>10/s', measured: stats.throughput, met: true },
    ],
    exitCode: 3,
  };
}

function planOf(seconds: number, seed: number): Plan {
  return {
    workload: 'register',
    system: 'raft',
    settings: { reads: 'index', forward: 'yes' },
    world: 'local',
    nodes: 5,
    concurrency: 10,
    rate: 0,
    timeMs: seconds * 1000,
    ops: 0,
    keys: 5,
    opsPerKey: 200,
    readRatio: 0.5,
    timeoutMs: 1000,
    nemesis: ['partition', 'kill', 'pause'],
    nemesisIntervalMs: 5000,
    seed,
    faults: [],
    thresholds: ['p99<50ms', 'throughput>10/s'],
  };
}

function statsOf(events: readonly HistoryEvent[], seconds: number): RunStats {
  const starts = new Map<number, number>();
  const all: number[] = [];
  const byOp = new Map<string, { ok: number; fail: number; info: number; latencies: number[] }>();
  for (const event of events) {
    if (event.process === 'nemesis') continue;
    if (event.phase === 'invoke') {
      starts.set(event.process, event.timeNs);
      continue;
    }
    const entry = byOp.get(event.op) ?? { ok: 0, fail: 0, info: 0, latencies: [] };
    byOp.set(event.op, entry);
    entry[event.phase] += 1;
    if (event.phase !== 'ok') continue;
    const latency = (event.timeNs - (starts.get(event.process) ?? 0)) / 1e6;
    entry.latencies.push(latency);
    all.push(latency);
  }
  const sum = (pick: (stats: OpStats) => number): number =>
    Object.values(stats).reduce((a, b) => a + pick(b), 0);
  const stats: Record<string, OpStats> = Object.fromEntries(
    [...byOp].map(([op, { latencies, ...counts }]) => [
      op,
      { ...counts, latencyMs: latencyStats(latencies) },
    ]),
  );
  const counts = {
    ok: sum((each) => each.ok),
    fail: sum((each) => each.fail),
    info: sum((each) => each.info),
  };
  return {
    durationMs: seconds * 1000,
    counts,
    unissued: 0,
    byOp: stats,
    throughput: counts.ok / seconds,
    latencyMs: latencyStats(all),
  };
}

function latencyStats(values: number[]): LatencyStats {
  const sorted = values.sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1), mean };
}
