import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { HistoryEvent } from '../core/event.ts';
import type { OpGenerator } from '../core/generator.ts';
import type { Json } from '../core/json.ts';
import type { Sighting } from '../core/nemesis.ts';
import type { Plan, Results, Run } from '../core/run.ts';
import type { World } from '../core/system.ts';
import { nemeses } from '../nemesis/index.ts';
import { type Conducted, conduct } from '../runner/conduct.ts';
import { judge } from '../runner/judge.ts';
import type { Test, Watcher } from '../runner/test.ts';
import { openJournal } from '../store/journal.ts';
import {
  type RunFolder,
  createRunFolder,
  historyFile,
  planFile,
  resultsFile,
  sightingsFile,
  writeArtifacts,
  writeJson,
} from '../store/run-folder.ts';
import { systems } from '../systems/index.ts';
import { workloads } from '../workloads/index.ts';
import { commandLine } from './command-line.ts';
import { lookUp } from './lookup.ts';
import { ownerMark } from './owner.ts';
import { packageJson } from './package-root.ts';
import { realClock } from './real-clock.ts';
import { renderReports } from './render-reports.ts';

export interface RunRequest {
  readonly plan: Plan;
  readonly world: World;
  readonly store: string;
  readonly keep: boolean;
  /** The operations of a saved run, for a replay. */
  readonly generator?: OpGenerator;
  /** What else belongs in `test.json`: which run this one repeats, … */
  readonly facts?: Readonly<Record<string, Json>>;
}

/** What `test.json` holds. */
export interface SavedTest {
  readonly schema: 1;
  readonly name: string;
  readonly startedAt: string;
  readonly command: string;
  readonly plan: Plan;
  readonly facts: Readonly<Record<string, Json>>;
}

export interface Executed {
  readonly run: Run;
  readonly folder: RunFolder;
  /** Reports that could not be drawn, with the reason; the verdict stands all the same. */
  readonly reportProblems: readonly string[];
}

/** One whole run: folder, cluster, clients, faults, verdict, reports. Rejects when the harness fails. */
export async function executeRun(request: RunRequest, watcher: Watcher): Promise<Executed> {
  const { plan } = request;
  const startedAt = new Date();
  const name = `${plan.workload}-${plan.system}`;
  const folder = await createRunFolder(request.store, name, startedAt);
  const system = lookUp('system', systems, plan.system);
  const saved: SavedTest = {
    schema: 1,
    name,
    startedAt: startedAt.toISOString(),
    command: commandLine(plan, system.settings),
    plan,
    facts: { ...machineFacts(), ...request.facts },
  };
  await writeJson(join(folder.path, planFile), saved);
  const conducted = await conductInto(folder, request, watcher).catch((cause: unknown) => {
    throw new Error(`the run broke off; what there is of it is in ${folder.path}`, { cause });
  });
  const facts = { ...saved.facts, ...conducted.facts };
  await writeJson(join(folder.path, planFile), { ...saved, facts });
  watcher.onProgress?.({ ...checkingProgress, elapsedMs: plan.timeMs, totalMs: plan.timeMs });
  // Ctrl-C in the main phase asks for a verdict on what there is; only a later one gives that up.
  const signal = conducted.cutShort === null ? watcher.signal : undefined;
  const results = await judgeRun(plan, conducted, signal);
  await writeJson(join(folder.path, resultsFile), { schema: 1, ...results });
  const run: Run = {
    ...{ name, path: folder.path, startedAt: saved.startedAt, command: saved.command },
    ...{ plan, facts, history: conducted.history, results },
  };
  const reportProblems = await renderReports(run, folder);
  return { run, folder, reportProblems };
}

const checkingProgress = {
  phase: 'checking',
  opsPerSecond: 0,
  ok: 0,
  fail: 0,
  info: 0,
  faults: [],
} as const;

async function conductInto(
  folder: RunFolder,
  { plan, world, keep, generator }: RunRequest,
  watcher: Watcher,
): Promise<Conducted> {
  const runId = `${folder.name}-${folder.timestamp}`.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-');
  // Beside the history and not in a temporary folder, which may be memory: fsync is to cost what it costs.
  const workDir = join(folder.path, 'work');
  await mkdir(workDir);
  const kinds = new Set(plan.faults.map(({ kind }) => kind));
  const test: Test = {
    plan,
    world,
    system: lookUp('system', systems, plan.system),
    workload: lookUp('workload', workloads, plan.workload),
    nemeses: new Map([...kinds].map((kind) => [kind, lookUp('fault', nemeses, kind)])),
    clock: realClock,
    cluster: { runId, owner: ownerMark(), keep, workDir },
    ...(generator === undefined ? {} : { generator }),
  };
  try {
    await using journal = await openJournal<HistoryEvent>(join(folder.path, historyFile));
    await using sightings = await openJournal<Sighting>(join(folder.path, sightingsFile));
    return await conduct(test, journal, {
      ...watcher,
      onSighting: (sighting) => {
        try {
          sightings.append(sighting);
        } catch {
          // A disk that takes no more ends the run by way of the history.
        }
      },
      onLog: (node, log) =>
        writeArtifacts(folder, [{ path: `nodes/${node}/node.log`, content: log }]),
    });
  } finally {
    if (!keep) await rm(workDir, { recursive: true, force: true });
  }
}

/** Checking may use every core: the cluster is gone by now. */
export function judgeRun(plan: Plan, conducted: Conducted, signal?: AbortSignal): Promise<Results> {
  const workload = lookUp('workload', workloads, plan.workload);
  return judge(plan, conducted, workload.checker(plan), {
    threads: availableParallelism(),
    ...(signal === undefined ? {} : { signal }),
  });
}

function machineFacts(): Record<string, Json> {
  return {
    dtest: packageJson().version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
  };
}
