import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchRound } from '../../core/bench.ts';
import type { Cluster } from '../../core/cluster.ts';
import { isFaultEvent } from '../../core/event.ts';
import type { Nemesis } from '../../core/nemesis.ts';
import { nodeIds } from '../../core/node-id.ts';
import type { PlannedFault } from '../../core/run.ts';
import type { NodeStatus, System, World } from '../../core/system.ts';
import type { Generated, LoadGenerator } from '../../load/generator.ts';
import type { LoadJob } from '../../load/job.ts';
import { systemNamed } from '../../load/system-named.ts';
import { administrable } from '../../runner/administrator.ts';
import type { PlannedRound } from '../../runner/bench/cells.ts';
import { type Statuses, costsBetween } from '../../runner/bench/node-costs.ts';
import { type FaultLoop, faultLoop } from '../../runner/fault-loop.ts';
import { observe } from '../../runner/observer.ts';
import { untilReady } from '../../runner/readiness.ts';
import { type Recorder, recorderTo } from '../../runner/recorder.ts';
import { writeJson } from '../../store/run-folder.ts';
import { ownerMark } from '../owner.ts';
import { realClock } from '../real-clock.ts';
import { faultsFile } from './round-history.ts';
import { type RoundRecord, roundOf } from './round-of.ts';

/** What all rounds of a benchmark share. */
export interface MeasureContext {
  readonly world: World;
  readonly generator: LoadGenerator;
  /** The benchmark's folder. */
  readonly folder: string;
  /** No two clusters have one. */
  readonly nextRunId: () => string;
  /** With the warm-up. */
  readonly roundMs: number;
  readonly timeoutMs: number;
  readonly seed: number;
  readonly journal: boolean;
  readonly signal: AbortSignal;
  readonly onStage: (stage: string) => void;
  /** What the world says of the cluster it made. */
  readonly onFacts: (facts: Cluster['facts']) => void;
}

/** What strikes in a round, and when. */
export interface PlannedStrike {
  readonly nemesis: Nemesis;
  readonly planned: PlannedFault;
}

/** The user ended the benchmark; what was under way counts for nothing. */
export class BrokenOff extends Error {}

/**
 * One round of one cell, on a cluster of its own: started, filled with keys, measured, and taken down,
 * so that no round depends on what was asked of the system before. Rejects with `BrokenOff` at Ctrl-C.
 */
export async function measure(
  { cell, round }: PlannedRound,
  strike: PlannedStrike | null,
  context: MeasureContext,
): Promise<BenchRound> {
  const { folder, world, onStage, signal } = context;
  const system = systemNamed(cell.system);
  const startedAt = new Date().toISOString();
  const workDir = join(folder, 'work');
  const journalFolder = context.journal
    ? join(folder, 'rounds', folderNameOf(cell.id, round))
    : null;
  await mkdir(workDir, { recursive: true });
  if (journalFolder !== null) await mkdir(journalFolder, { recursive: true });
  try {
    onStage('starting');
    const kind = strike?.planned.kind;
    await using started = await world.start({
      ...{ runId: context.nextRunId(), owner: ownerMark(), keep: false },
      ...{ nodes: nodeIds(cell.nodes), system, settings: cell.settings, workDir },
      seed: context.seed,
      linkFaults: kind === 'partition' || kind === 'membership',
    });
    const cluster = administrable(started, system, realClock);
    refuseMisfit(strike, cluster);
    context.onFacts(cluster.facts);
    await untilReady({ system, clock: realClock }, cluster, { signal });
    const job: LoadJob = {
      ...{ system: cell.system, settings: cell.settings, load: cell.load, mix: cell.mix },
      ...{ keys: cell.keys, valueBytes: cell.valueBytes, timeoutMs: context.timeoutMs },
      ...{ nodes: addressesOf(cluster), seed: context.seed + round, journalFolder },
    };
    const record = await drive(cluster, { system, job, strike, context });
    onStage('judging');
    return await roundOf({ ...record, cell, round, startedAt, judged: context.journal, signal });
  } catch (error) {
    // Half a round must not look like one, to people and to `dtest check`.
    if (journalFolder !== null) await rm(journalFolder, { recursive: true, force: true });
    if (signal.aborted) throw new BrokenOff('broken off by the user', { cause: error });
    throw error;
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

interface Driven {
  readonly system: System;
  readonly job: LoadJob;
  readonly strike: PlannedStrike | null;
  readonly context: MeasureContext;
}

/** Time from the last key in place to the first operation, so that all threads begin at one moment. */
const headStartMs = 50;

async function drive(cluster: Cluster, driven: Driven): Promise<RoundRecord> {
  const { system, job, strike, context } = driven;
  const { generator, signal, roundMs, onStage } = context;
  const recorder = recorderTo(
    { append: () => undefined, flush: () => Promise.resolve() },
    realClock,
    () => generator.moveTo(addressesOf(cluster)),
  );
  // The generator's threads count from the same moment.
  const epochNs = process.hrtime.bigint() - BigInt(Math.round(recorder.nowNs()));
  const stop = (): void => generator.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    onStage('loading');
    await generator.prepare(job, epochNs);
    const before = await lookAt(cluster, system);
    signal.throwIfAborted();
    onStage('measuring');
    const fromNs = recorder.nowNs() + headStartMs * 1e6;
    const work = generator.go(fromNs, fromNs + roundMs * 1e6);
    const generated = await besides(work, { cluster, system, strike, recorder, fromNs, signal });
    signal.throwIfAborted();
    const after = await lookAt(cluster, system);
    const costs = costsBetween(before, after, okIn(generated, fromNs));
    const events = [...recorder.history().events()].filter(isFaultEvent);
    if (events.length > 0 && job.journalFolder !== null) {
      await writeJson(join(job.journalFolder, faultsFile), events);
    }
    return { generated, costs, events, fromNs, roundMs };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

interface Surroundings {
  readonly cluster: Cluster;
  readonly system: System;
  readonly strike: PlannedStrike | null;
  readonly recorder: Recorder;
  readonly fromNs: number;
  readonly signal: AbortSignal;
}

/** Lets the fault strike while the load goes on. Without a fault nobody asks the nodes anything meanwhile. */
async function besides(work: Promise<Generated>, around: Surroundings): Promise<Generated> {
  const { cluster, system, strike, recorder, fromNs, signal } = around;
  if (strike === null) return work;
  const ended = new AbortController();
  await using observer = observe({
    ...{ cluster, system, clock: realClock, nowNs: recorder.nowNs, intervalMs: 150 },
  });
  const planned = { ...strike.planned, atMs: strike.planned.atMs + fromNs / 1e6 };
  const faults: FaultLoop = faultLoop({
    ...{ plan: [planned], nemeses: new Map([[planned.kind, strike.nemesis]]), cluster, observer },
    ...{ clock: realClock, recorder, signal: AbortSignal.any([signal, ended.signal]) },
  });
  const striking = faults.run();
  striking.catch(() => ended.abort());
  try {
    return await work;
  } finally {
    ended.abort();
    await striking;
  }
}

async function lookAt({ nodes }: Cluster, system: System): Promise<Statuses> {
  const all = nodes.map(async (node): Promise<[string, NodeStatus | null]> => [
    node.id,
    await system.inspect(node).catch(() => null),
  ]);
  return Object.fromEntries(await Promise.all(all));
}

function okIn({ columns }: Generated, fromNs: number): number {
  let ok = 0;
  for (let at = 0; at < columns.count; at++) {
    if (columns.phase[at] === 1 && (columns.callNs[at] ?? 0) >= fromNs) ok++;
  }
  return ok;
}

function refuseMisfit(strike: PlannedStrike | null, cluster: Cluster): void {
  const misfit = strike?.nemesis.misfit(cluster) ?? null;
  if (misfit === null) return;
  throw new Error(`the fault "${strike?.nemesis.name ?? ''}" does not fit: ${misfit}`);
}

function addressesOf({ nodes }: Cluster): LoadJob['nodes'] {
  return nodes.map(({ id, addresses }) => ({ id, addresses: { ...addresses } }));
}

/** `raft n3 c64 r0.5 v16` and 2 → `raft-n3-c64-r0.5-v16-2`. */
export function folderNameOf(cell: string, round: number): string {
  return `${cell.replaceAll(/[^\w.=-]+/g, '-')}-${round}`;
}
