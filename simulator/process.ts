import type { NodeId } from '../core/node-id.ts';
import { type Protocol, standingOf } from '../core/protocol.ts';
import type { Settings } from '../core/system.ts';
import { type Codec, type Loop, loopOf } from '../host/loop.ts';
import type { LoopLog } from '../host/loop-state.ts';
import { roleWatch } from '../host/role-watch.ts';
import type { Schedule } from '../host/schedule.ts';
import type { Disk } from '../host/wal/disk.ts';
import { walOpener } from '../host/wal/bugs/index.ts';
import type { Wal } from '../host/wal/wal.ts';
import type { Parcel } from './parcels.ts';

/** A node's program between its start and its end: the host's own loop and log, on simulated parts. */
export interface Process {
  readonly wal: Wal;
  readonly loop: Loop<Parcel>;
  readonly state: unknown;
}

export interface ProcessOptions {
  readonly self: NodeId;
  readonly nodes: readonly NodeId[];
  readonly protocol: Protocol<unknown, unknown>;
  readonly settings: Settings;
  readonly seed: number;
  readonly disk: Disk;
  readonly segmentBytes: number;
  readonly schedule: Schedule;
  readonly nowMs: () => number;
  readonly codec: Codec<Parcel>;
  readonly send: (to: NodeId, parcel: Parcel) => void;
  readonly log: (level: 'info' | 'warn' | 'error', message: string) => void;
  /** It cannot go on: its disk failed, or the protocol threw. */
  readonly onEnd: (reason: string) => void;
  /** Told of all that the log is given to write, when it has it. */
  readonly onWrite: () => void;
  /** After every turn of the loop. */
  readonly onTurn: (process: Process) => void;
}

/** Recovers the log and begins to serve. Rejects, as the real program would end, on a damaged log. */
export async function startProcess(options: ProcessOptions): Promise<Process> {
  const { protocol, settings, seed, self, nodes, schedule, disk, segmentBytes } = options;
  let process: Process | null = null;
  const { wal, durable, notes } = await walOpener(settings)({
    ...{ disk, segmentBytes },
    onDurable: (number) => process?.loop.durable(number),
    onFailure: (failure) => options.onEnd(failure.message),
  });
  for (const note of notes) options.log('warn', note);
  const nowMs = options.nowMs();
  const state = protocol.init({ self, nodes, durable, seed, nowMs, settings });
  const noteRole = roleWatch(
    () => standingOf(protocol, state),
    (level, message, fields) => options.log(level, `${message} ${JSON.stringify(fields)}`),
  );
  const loop = loopOf({
    ...{ protocol, state, schedule, log: overheard(wal, options.onWrite) },
    nowMs: options.nowMs,
    codec: options.codec,
    send: options.send,
    onCrash: ({ error, input }) => {
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
      options.onEnd(`the protocol threw: ${what}; input: ${JSON.stringify(input)}`);
    },
    onTurn: () => {
      noteRole();
      if (process !== null) options.onTurn(process);
    },
  });
  process = { wal, loop, state };
  return process;
}

function overheard(wal: Wal, onWrite: () => void): LoopLog {
  return {
    persist(records) {
      wal.persist(records);
      onWrite();
    },
    compact(snapshot, records) {
      wal.compact(snapshot, records);
      onWrite();
    },
    waitingBytes: () => wal.waitingBytes(),
  };
}
