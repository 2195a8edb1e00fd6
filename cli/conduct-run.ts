import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HistoryEvent } from '../core/event.ts';
import type { Sighting } from '../core/nemesis.ts';
import type { NodeId } from '../core/node-id.ts';
import { type Conducted, conduct } from '../runner/conduct.ts';
import type { Test, Watcher } from '../runner/test.ts';
import { type Journal, openJournal } from '../store/journal.ts';
import { type RunFolder, historyFile, sightingsFile, writeArtifacts } from '../store/run-folder.ts';
import type { RunRequest } from './execute-run.ts';
import { testOf } from './test-of.ts';

/** Conducts a run whose events go into the folder as they happen. */
export async function conductInto(
  folder: RunFolder,
  request: RunRequest,
  watcher: Watcher,
): Promise<Conducted> {
  // Beside the history and not in a temporary folder, which may be memory: fsync is to cost what it costs.
  const workDir = join(folder.path, 'work');
  await mkdir(workDir);
  const runId = `${folder.name}-${folder.timestamp}`.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-');
  const test = testOf(request, { runId, workDir });
  try {
    await using journal = await openJournal<HistoryEvent>(join(folder.path, historyFile));
    await using sightings = await openJournal<Sighting>(join(folder.path, sightingsFile));
    const conductOn = request.world.time === undefined ? conduct : onVirtualTime;
    return await conductOn(test, journal, {
      ...watcher,
      onSighting: (sighting) => keepSighting(sightings, sighting),
      onLog: (node, log) => writeLog(folder, node, log),
    });
  } finally {
    if (!request.keep) await rm(workDir, { recursive: true, force: true });
  }
}

/**
 * Nothing may wait for a disk while virtual time passes, so events and logs are kept in memory until
 * the end, however that comes. (A run that is lost with them comes back from its seed.)
 */
async function onVirtualTime(
  test: Test,
  journal: Journal<HistoryEvent>,
  watcher: Watcher,
): Promise<Conducted> {
  const { time } = test.world;
  if (time === undefined) throw new Error('expected a world with a time of its own');
  const logs = new Map<NodeId, string>();
  const events: HistoryEvent[] = [];
  const memory = {
    append: (event: HistoryEvent) => void events.push(event),
    flush: () => Promise.resolve(),
  };
  const keepLog = (node: NodeId, log: string): Promise<void> => {
    logs.set(node, log);
    return Promise.resolve();
  };
  try {
    return await time.run(() => conduct(test, memory, { ...watcher, onLog: keepLog }));
  } finally {
    for (const event of events) journal.append(event);
    await journal.flush();
    for (const [node, log] of logs) await watcher.onLog?.(node, log);
  }
}

function keepSighting(sightings: Journal<Sighting>, sighting: Sighting): void {
  try {
    sightings.append(sighting);
  } catch {
    // A disk that takes no more ends the run by way of the history.
  }
}

function writeLog(folder: RunFolder, node: NodeId, log: string): Promise<void> {
  return writeArtifacts(folder, [{ path: `nodes/${node}/node.log`, content: log }]);
}
