import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from '../../core/bench.ts';
import type { HistoryEvent } from '../../core/event.ts';

/** A store on disk, filled by tests; disposing it removes it. */
export interface SampleStore extends Disposable {
  readonly path: string;
  /** Makes a run; resolves to its `name/timestamp`. */
  run(options?: SampleRun): string;
  bench(bench: Bench): string;
  file(path: string, content: string | Uint8Array): void;
  link(path: string, to: string): void;
  remove(path: string): void;
}

export interface SampleRun {
  readonly system?: string;
  readonly workload?: string;
  readonly valid?: 'valid' | 'invalid' | 'unknown';
  readonly reason?: string;
  readonly throughput?: number;
  /** Counts up the time at which it started. */
  readonly number?: number;
  /** Without results, as a run under way or one that died. */
  readonly finished?: boolean;
  readonly events?: readonly HistoryEvent[];
}

export function sampleStore(): SampleStore {
  const path = mkdtempSync(join(tmpdir(), 'dtest-serve-'));
  const file = (name: string, content: string | Uint8Array): void => {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), content);
  };
  let runs = 0;
  return {
    path,
    file,
    run(options = {}) {
      const { system = 'raft', workload = 'register', number = runs++ } = options;
      const startedAt = new Date(Date.UTC(2026, 0, 1) + number * 3_600_000).toISOString();
      const id = `${workload}-${system}/${startedAt.replaceAll(':', '-').replace('Z', '')}`;
      const plan = {
        workload,
        system,
        settings: {},
        world: 'local',
        nodes: 3,
        faults: [],
        nemesis: [],
      };
      const command = `dtest run ${workload} --system ${system} --seed ${number}`;
      file(`${id}/test.json`, JSON.stringify({ schema: 1, startedAt, command, plan, facts: {} }));
      file(`${id}/history.jsonl`, linesOf(options.events ?? []));
      if (options.finished !== false) file(`${id}/results.json`, resultsOf(options));
      return id;
    },
    bench(bench) {
      const id = `${bench.name}/2026-01-31T12-00-00.000`;
      file(`${id}/bench.json`, JSON.stringify(bench));
      return id;
    },
    link: (name, to) => symlinkSync(to, join(path, name)),
    remove: (name) => rmSync(join(path, name), { force: true }),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

function linesOf(events: readonly HistoryEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

function resultsOf({
  valid = 'valid',
  reason = 'all is well',
  throughput = 1000,
}: SampleRun): string {
  const latencyMs = { p50: 2, p90: 5, p99: 9, p999: 12, max: 20, mean: 3 };
  const counts = { ok: 30_000, fail: 10, info: 2 };
  const stats = {
    ...{ durationMs: 30_000, counts, unissued: 0, throughput, latencyMs },
    byOp: { read: { ...counts, latencyMs } },
  };
  const verdict = { checker: 'linearizable', valid, summary: reason };
  return JSON.stringify({ schema: 1, valid, reason, verdict, faults: [], stats, thresholds: [] });
}

/** Operations of one client, one a millisecond, on a register. */
export function sampleEvents(count: number): readonly HistoryEvent[] {
  return Array.from({ length: count }, (_, at): HistoryEvent => {
    const index = { index: at, timeNs: at * 1e6, process: 0, op: 'write', key: 1 };
    return { ...index, phase: at % 2 === 0 ? 'invoke' : 'ok', value: Math.floor(at / 2) };
  });
}
