import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process as the system sees it now. Those that are dead but not yet reaped are left out. */
export interface ProcessEntry {
  readonly pid: number;
  /** The process group, led by the process with this very number. */
  readonly group: number;
  readonly isStopped: boolean;
  /**
   * When it started, in the system's own words. With the pid it names a process for good: pids are
   * used again, but not by a process that started at the same moment.
   */
  readonly startedAt: string;
}

/** What runs on this machine. */
export interface ProcessTable {
  look(pid: number): Promise<ProcessEntry | null>;
  all(): Promise<readonly ProcessEntry[]>;
}

/** The process table of Linux, from /proc (proc(5)). */
export function procTable(): ProcessTable {
  let bootId: Promise<string> | undefined;
  const boot = (): Promise<string> =>
    (bootId ??= readFile('/proc/sys/kernel/random/boot_id', 'utf8').then((text) => text.trim()));
  const look = async (pid: number): Promise<ProcessEntry | null> => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
    return stat === null ? null : parseStat(stat, await boot());
  };
  return {
    look,
    all: async () => {
      const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
      return present(await Promise.all(pids.map(look)));
    },
  };
}

/**
 * A line of /proc/PID/stat. The name in parentheses may hold anything, so fields are counted after
 * the last parenthesis: state is field 3, the group 5, and 22 the clock ticks from boot to start.
 */
function parseStat(stat: string, bootId: string): ProcessEntry | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', , group] = fields;
  if ('ZXx'.includes(state)) return null;
  return {
    pid: Number.parseInt(stat, 10),
    group: Number(group),
    isStopped: state === 'T' || state === 't',
    startedAt: `${fields[19] ?? ''} ticks after boot ${bootId}`,
  };
}

/** The process table of any other Unix, from ps(1), which tells the start to the second. */
export function psTable(): ProcessTable {
  const ask = async (selection: readonly string[]): Promise<ProcessEntry[]> => {
    const columns = ['-o', 'pid=,pgid=,stat=,lstart='];
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    const { stdout } = await promisify(execFile)('ps', [...columns, ...selection], { env }).catch(
      // It exits with 1 when it finds nobody.
      () => ({ stdout: '' }),
    );
    return present(stdout.split('\n').map(parsePsLine));
  };
  return {
    look: async (pid) => (await ask(['-p', String(pid)]))[0] ?? null,
    all: () => ask(['-ax']),
  };
}

function parsePsLine(line: string): ProcessEntry | null {
  const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*\S)/.exec(line);
  const [, pid, group, state = '', startedAt = ''] = match ?? [];
  if (match === null || state.startsWith('Z')) return null;
  return { pid: Number(pid), group: Number(group), isStopped: state.startsWith('T'), startedAt };
}

function present<T>(items: readonly (T | null)[]): T[] {
  return items.filter((item) => item !== null);
}

export const processTable: ProcessTable = process.platform === 'linux' ? procTable() : psTable();
