import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type NodeLog, logPatterns } from '../checkers/log-patterns.ts';
import type { CheckContext, Checker } from '../core/checker.ts';
import type { Json } from '../core/json.ts';
import type { Artifact } from '../core/reporter.ts';
import type { Plan, PlannedOperation, Results, Run } from '../core/run.ts';
import type { Conducted } from '../runner/conduct.ts';
import { judge } from '../runner/judge.ts';
import type { Watcher } from '../runner/test.ts';
import {
  type RunFolder,
  createRunFolder,
  historyFile,
  operationsFile,
  planFile,
  resultsFile,
  writeArtifacts,
  writeJson,
} from '../store/run-folder.ts';
import { systems } from '../systems/index.ts';
import { workloads } from '../workloads/index.ts';
import { plantedBug } from './bug.ts';
import { logsBeside } from './check/run-logs.ts';
import { commandLine, quoted } from './command-line.ts';
import { conductInto } from './conduct-run.ts';
import { lookUp } from './lookup.ts';
import { packageJson } from './package-root.ts';
import type { Watched } from '../reports/records.ts';
import { renderReports } from './render-reports.ts';
import { withMessages } from './run-records.ts';
import type { TestRequest } from './test-of.ts';

export interface RunRequest extends TestRequest {
  readonly store: string;
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

/** The harness failed, or its surroundings did: plan, history so far and the reason are in the folder. */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
  readonly path: string;

  constructor({ path }: RunFolder, cause: unknown) {
    super(`the run broke off; what there is of it is in ${path}`, { cause });
    this.path = path;
  }
}

/** One whole run: folder, cluster, clients, faults, verdict, reports. Rejects when the harness fails. */
export async function executeRun(request: RunRequest, watcher: Watcher): Promise<Executed> {
  const { plan } = request;
  const startedAt = new Date();
  const name = `${plan.workload}-${plan.system}`;
  const folder = await createRunFolder(request.store, name, startedAt);
  const { operations, ...rest } = plan;
  const saved: SavedTest = {
    schema: 1,
    name,
    startedAt: startedAt.toISOString(),
    command: commandFor(plan, folder),
    plan: rest,
    facts: { ...machineFacts(), ...bugFacts(plan), ...request.facts },
  };
  await writeJson(join(folder.path, planFile), saved);
  if (operations !== undefined) await writeArtifacts(folder, [operationsAs(operations)]);
  const conducted = await conductInto(folder, request, watcher).catch(async (cause: unknown) => {
    const stack = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    await writeArtifacts(folder, [{ path: 'crash.txt', content: `${stack}\n` }]);
    throw new BrokenOff(folder, cause);
  });
  const facts = { ...saved.facts, ...conducted.facts };
  await writeJson(join(folder.path, planFile), { ...saved, facts });
  watcher.onProgress?.({ ...checkingProgress, elapsedMs: plan.timeMs, totalMs: plan.timeMs });
  // Ctrl-C in the main phase asks for a verdict on what there is; only a later one gives that up.
  const signal = conducted.cutShort === null ? watcher.signal : undefined;
  const results = await judgeRun(plan, conducted, { folder, ...(signal && { signal }) });
  await writeJson(join(folder.path, resultsFile), { schema: 1, ...results });
  const run: Run & Watched = {
    ...{ name, path: folder.path, startedAt: saved.startedAt, command: saved.command },
    ...{ plan, facts, history: conducted.history, results, sightings: conducted.sightings },
  };
  const reportProblems = await renderReports(await withMessages(run, folder), folder);
  return { run, folder, reportProblems };
}

/** Flags say how operations are drawn, not which ones they are. */
function commandFor(plan: Plan, { path }: RunFolder): string {
  if (plan.operations !== undefined) return `dtest replay ${quoted(path)}`;
  return commandLine(plan, lookUp('system', systems, plan.system).settings);
}

function operationsAs(operations: readonly PlannedOperation[]): Artifact {
  const lines = operations.map((each) => `${JSON.stringify(each)}\n`);
  return { path: operationsFile, content: lines.join('') };
}

const checkingProgress = {
  phase: 'checking',
  opsPerSecond: 0,
  ok: 0,
  fail: 0,
  info: 0,
  faults: [],
} as const;

/** Checking may use every core: the cluster is gone by now. */
export function judgeRun(
  plan: Plan,
  conducted: Conducted,
  { folder, ...context }: Pick<CheckContext, 'signal'> & { readonly folder: RunFolder },
): Promise<Results> {
  const workload = lookUp('workload', workloads, plan.workload);
  return judge(plan, conducted, workload.checker(plan), {
    ...context,
    threads: availableParallelism(),
    others: logCheckers(plan, folder),
  });
}

/**
 * A node that panicked broke a promise, whatever its clients saw. Simulated nodes are part of dtest, and
 * what they log is no proof of anything that their invariants do not show.
 */
function logCheckers({ world }: Plan, { path }: RunFolder): readonly Checker[] {
  const logs = (): Iterable<NodeLog> => logsBeside(join(path, historyFile));
  const hasLogs = world !== 'sim' && !logs()[Symbol.iterator]().next().done;
  return hasLogs ? [logPatterns({ logs })] : [];
}

/** A verdict on a system with a planted bug says nothing of the system. */
function bugFacts({ system, settings }: Plan): Record<string, Json> {
  const bug = plantedBug(lookUp('system', systems, system), settings);
  if (bug === null) return {};
  const { name, summary, source, anomaly } = bug;
  return { bug: { name, summary, source, anomaly } };
}

function machineFacts(): Record<string, Json> {
  return {
    dtest: packageJson().version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
  };
}
