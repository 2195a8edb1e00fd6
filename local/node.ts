import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address, Node, Pausable } from '../core/cluster.ts';
import type { NodeId } from '../core/node-id.ts';
import { type Life, spawnLife } from './life.ts';
import { lastLines, readLogEnd } from './log-file.ts';
import { untilFree, untilListening } from './ports.ts';
import { sendToGroup, signalGroup } from './process-group.ts';
import { type RecordedProcess, isAlive } from './run-file.ts';

/** A node that is a process group of this machine. */
export interface LocalNode extends Node, Pausable {
  /** Sends SIGKILL and waits for nothing, for when this process itself is about to end. */
  killAtExit(): void;
}

export interface LocalNodeOptions {
  readonly id: NodeId;
  /** The node's own folder, which exists. */
  readonly folder: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly addresses: Readonly<Record<string, Address>>;
  /** Once these answer, the process counts as started. */
  readonly awaited: readonly Address[];
  /** Called for every process before it is waited for. */
  readonly onSpawn: (process: RecordedProcess) => Promise<void>;
}

/** A process that never answers counts as started after this: whether it is ready others judge. */
const startGraceMs = 5000;
const maxAttempts = 4;
const retryDelayMs = 250;

/** From a call of `start` to a call of `kill` or the process's own end. */
interface Stay {
  isStarting: boolean;
  isKilled: boolean;
  life: Life | undefined;
  started: Promise<void>;
}

export function localNode(options: LocalNodeOptions): LocalNode {
  const { id, addresses } = options;
  const logPath = join(options.folder, 'node.log');
  let stay: Stay | undefined;
  const running = (): Life | undefined => (stay?.life?.isOver() === false ? stay.life : undefined);
  const kill = async (): Promise<void> => {
    const ending = stay;
    if (ending === undefined) return;
    ending.isKilled = true;
    await ending.life?.kill();
    if (stay === ending) stay = undefined;
  };
  return {
    id,
    addresses,
    start: async () => {
      if (stay?.isKilled === true) await kill();
      if (stay === undefined || (!stay.isStarting && stay.life?.isOver() !== false)) {
        stay = beginStay(options, logPath);
      }
      await stay.started;
    },
    kill,
    isRunning: async () => {
      const identity = await running()?.identity;
      return identity !== undefined && identity !== null && (await isAlive(identity));
    },
    pause: async () => {
      const group = running()?.group;
      if (group === undefined) {
        throw new Error(`expected ${id} to be running, but it is not; start it before pausing it`);
      }
      await signalGroup(group, 'SIGSTOP');
    },
    resume: async () => {
      const group = running()?.group;
      if (group !== undefined) await signalGroup(group, 'SIGCONT');
    },
    logs: () => readLogEnd(logPath),
    killAtExit: () => {
      const group = running()?.group;
      if (group !== undefined) sendToGroup(group, 'SIGKILL');
    },
  };
}

function beginStay(options: LocalNodeOptions, logPath: string): Stay {
  const stay: Stay = {
    isStarting: true,
    isKilled: false,
    life: undefined,
    started: Promise.resolve(),
  };
  stay.started = startWithRetries(stay, options, logPath).finally(() => {
    stay.isStarting = false;
  });
  return stay;
}

/** Starts again when somebody else held a port of the node's for a moment, and only then. */
async function startWithRetries(
  stay: Stay,
  options: LocalNodeOptions,
  logPath: string,
): Promise<void> {
  const { id, folder, command, environment, addresses } = options;
  for (let attempt = 1; ; attempt++) {
    await untilFree(Object.values(addresses), id);
    expectWanted(stay, id);
    const logStart = await sizeOf(logPath);
    const life = spawnLife({ command, folder, environment, logPath });
    stay.life = life;
    const end = await firstOf(life, options);
    if (end === 'started') return;
    expectWanted(stay, id);
    const log = await readLogEnd(logPath, logStart);
    if (attempt < maxAttempts && /EADDRINUSE|address already in use/i.test(log)) {
      await sleep(retryDelayMs);
      continue;
    }
    throw new Error(
      `expected ${id} to start, but it ${end}; the end of its log:\n` +
        (lastLines(log, 20) || '(it printed nothing)'),
    );
  }
}

function expectWanted({ isKilled }: Stay, id: NodeId): void {
  if (isKilled) throw new Error(`expected ${id} to start, but it was killed meanwhile`);
}

/** `started`, or how the process ended before it was. */
async function firstOf(life: Life, { awaited, onSpawn }: LocalNodeOptions): Promise<string> {
  const abort = new AbortController();
  try {
    const identity = await life.identity;
    if (identity !== null) await onSpawn(identity);
    const started = untilListening(awaited, startGraceMs, abort.signal).then(() => 'started');
    return await Promise.race([life.ended, started]);
  } catch (error) {
    await life.kill();
    throw error;
  } finally {
    abort.abort();
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
