import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import type { Settings } from '../core/system.ts';
import { ConfigError, parseConfig } from './config.ts';
import { type AnyProtocol, type Host, startHost } from './host.ts';
import { type Log, stdoutLog } from './log.ts';
import type { Crash } from './loop.ts';
import { StorageDamage } from './wal/disk.ts';

/** How the program ends, by its exit code. */
export const exitCodes = {
  stopped: 0,
  /** Whatever was not foreseen, a port that is taken included. */
  failed: 1,
  wrongConfig: 2,
  /** The log does not read back as it was written; see `StorageDamage`. */
  damagedLog: 3,
  /** The disk failed or is full; see `StorageFailure`. */
  failedDisk: 4,
  /** The protocol threw. */
  crashed: 70,
} as const;

/** What nodes run, by name, with these settings. */
export type ProtocolIndex = Readonly<Record<string, (settings: Settings) => AnyProtocol>>;

const stopTimeoutMs = 10_000;

/** The whole program: runs the protocol that its one argument names, until it is told to stop. */
export async function runProgram(
  argument: string | undefined,
  protocols: ProtocolIndex,
): Promise<void> {
  // Whoever reads the log may be gone before this node is; that is no reason to die.
  process.stdout.on('error', () => undefined);
  const log = stdoutLog;
  try {
    const config = parseConfig(argument);
    const protocol = Object.hasOwn(protocols, config.protocol)
      ? protocols[config.protocol]
      : undefined;
    if (protocol === undefined) {
      const known = Object.keys(protocols).join(', ');
      throw new ConfigError(`expected protocol to be one of ${known}, got ${config.protocol}`);
    }
    const host = await startHost({
      ...{ config, log, protocol: protocol(config.settings) },
      onStorageFailure: (failure) => end(exitCodes.failedDisk, failure.message, log),
      onCrash: (crash) => end(exitCodes.crashed, crashReport(crash), log),
    });
    stopOnSignal(host, log);
  } catch (error) {
    end(...failureOf(error), log);
  }
}

function failureOf(error: unknown): [number, string] {
  if (error instanceof ConfigError) return [exitCodes.wrongConfig, error.message];
  if (error instanceof StorageDamage) return [exitCodes.damagedLog, error.message];
  return [
    exitCodes.failed,
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  ];
}

function stopOnSignal(host: Host, log: Log): void {
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log('info', 'stopping', { signal });
    setTimeout(() => {
      end(exitCodes.failed, `expected to stop within ${stopTimeoutMs} ms, but did not`, log);
    }, stopTimeoutMs).unref();
    host.stop().then(
      () => {
        log('info', 'stopped');
        process.exit(exitCodes.stopped);
      },
      (error: unknown) => end(exitCodes.failed, String(error), log),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Written synchronously: nothing, not even a reply under way, leaves after a failure. */
function end(code: number, reason: string, log: Log): never {
  writeSync(2, `${reason}\n`);
  log('error', reason.split('\n', 1)[0] ?? '', { exitCode: code });
  process.exit(code);
}

const maxReportLength = 256 << 10;

function crashReport({ error, input, state }: Crash): string {
  const shown = (value: unknown): string =>
    inspect(value, { depth: 8, maxArrayLength: 50, maxStringLength: 200, breakLength: 100 });
  return [
    'the protocol threw; this is a bug in it',
    error instanceof Error ? (error.stack ?? error.message) : String(error),
    `input: ${shown(input)}`,
    `state: ${shown(state)}`,
  ]
    .join('\n')
    .slice(0, maxReportLength);
}
