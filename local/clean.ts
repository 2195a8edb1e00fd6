import { rmdir } from 'node:fs/promises';
import type { CleanOptions } from '../core/system.ts';
import { signalGroup } from './process-group.ts';
import { type ProcessEntry, processTable } from './process-table.ts';
import { type FoundRun, type RunRecord, findRuns, isAlive, removeRunFile } from './run-file.ts';
import { markedProcesses, removeMarkedFolder } from './run-mark.ts';

/** Ends and removes what runs left behind whose dtest is gone; says what, a line each. */
export async function cleanRuns(
  options: CleanOptions,
  stateDir: string,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const run of await findRuns(stateDir)) lines.push(...(await cleanRun(run, options)));
  return lines;
}

async function cleanRun(run: FoundRun, options: CleanOptions): Promise<readonly string[]> {
  if ('problem' in run) {
    return [
      `could not read ${run.path} (${run.problem}); end what it names by hand, then remove it`,
    ];
  }
  const { path, record } = run;
  if (options.isAlive(record.owner) || (record.keep && !options.includeKept)) return [];
  try {
    const lines = [...(await endProcesses(record)), ...(await removeFolders(record))];
    await removeRunFile(path);
    return [...lines, `removed the record of run ${record.runId}`];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [`could not clean run ${record.runId} (${reason}); its record ${path} is still there`];
  }
}

/** First what the record names, as far as it is still the same process; then whatever bears the mark. */
async function endProcesses({ runId, mark, processes }: RunRecord): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const [name, process] of Object.entries(processes)) {
    const entry = (await isAlive(process)) ? await processTable.look(process.pid) : null;
    if (entry === null) continue;
    await endGroupOf(entry);
    lines.push(`ended ${name} of run ${runId} (process ${entry.pid})`);
  }
  for (const entry of await markedProcesses(mark)) {
    await endGroupOf(entry);
    lines.push(`ended process ${entry.pid} of run ${runId}`);
  }
  return lines;
}

/** SIGKILL reaches paused processes as well. */
async function endGroupOf({ group }: ProcessEntry): Promise<void> {
  await signalGroup(group, 'SIGKILL');
}

async function removeFolders({ runId, mark, folders, workDir }: RunRecord): Promise<string[]> {
  const lines: string[] = [];
  for (const folder of folders) {
    if (await removeMarkedFolder(folder, mark)) lines.push(`removed ${folder} of run ${runId}`);
  }
  // The caller's own folder goes only if nothing else is in it.
  await rmdir(workDir).catch(() => undefined);
  return lines;
}
