import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { sendToGroup, signalGroup } from './process-group.ts';
import { processTable } from './process-table.ts';
import type { RecordedProcess } from './run-file.ts';

/** One process of a node, from its spawn to its end. */
export interface Life {
  /** Number of the process and of the group that it leads; undefined where it could not be spawned. */
  readonly group: number | undefined;
  /** Names the process for good; null if it ended before it could be looked up. */
  readonly identity: Promise<RecordedProcess | null>;
  /** Resolves with how it ended, in words. */
  readonly ended: Promise<string>;
  isOver(): boolean;
  /** SIGKILL to the whole group; resolves when none of it is left. */
  kill(): Promise<void>;
}

export interface LifeOptions {
  readonly command: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logPath: string;
}

const killDeadlineMs = 15_000;

/**
 * Spawns a process that leads a session and a group of its own, out of reach of the terminal's
 * Ctrl-C, and writes straight into its log, so that it neither needs nor burdens this process.
 */
export function spawnLife({ command, folder, environment, logPath }: LifeOptions): Life {
  const [file = '', ...parameters] = command;
  const log = openSync(logPath, 'a');
  // Execa hands any descriptor on to the child; its types only know those up to 9.
  const output = log as 3;
  const child = execa(file, parameters, {
    cwd: folder,
    env: environment,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stdin: 'ignore',
    stdout: output,
    stderr: output,
  });
  closeSync(log);
  child.unref();
  const group = child.pid;
  let isOver = group === undefined;
  // What a dead node leaves running in its group is no node. Only now is it safe to address the
  // group: its number stays taken while it has members, and once it has none may be given to others.
  const gone = new Promise<void>((resolve, reject) => {
    child.once('exit', () => {
      isOver = true;
      if (group === undefined) resolve();
      else signalGroup(group, 'SIGKILL').then(resolve, reject);
    });
  });
  gone.catch(() => undefined);
  const ended = child.then(({ exitCode, signal, originalMessage }) => {
    if (signal !== undefined) return `was ended by ${signal}`;
    if (exitCode !== undefined) return `exited with code ${exitCode}`;
    return `could not be started: ${originalMessage ?? 'the reason is unknown'}`;
  });
  return {
    group,
    identity: group === undefined ? Promise.resolve(null) : processTable.look(group),
    ended,
    isOver: () => isOver,
    kill: async () => {
      if (group === undefined) return;
      if (!isOver) sendToGroup(group, 'SIGKILL');
      await within(gone, `process ${group} to end after SIGKILL`);
    },
  };
}

async function within(event: Promise<unknown>, what: string): Promise<void> {
  const abort = new AbortController();
  const late = sleep(killDeadlineMs, 'late', { signal: abort.signal }).catch(() => undefined);
  const first = await Promise.race([event, late]);
  abort.abort();
  if (first === 'late') throw new Error(`expected ${what} within ${killDeadlineMs} ms`);
}
