import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Marks what this process makes: machine, process id, and the time the process started, because
 * process ids come back.
 */
export function ownerMark(): string {
  return [hostname(), String(process.pid), startOf(process.pid) ?? 'unknown'].join(':');
}

/**
 * Whether the process that a mark names still runs. One on another machine counts as alive: from here
 * nobody can tell.
 */
export function isOwnerAlive(owner: string): boolean {
  const [host, pid, start] = owner.split(':');
  if (host !== hostname()) return true;
  const number = Number(pid);
  return Number.isInteger(number) && number > 0 && startOf(number) === start;
}

/** When a process started, in the system's own words; undefined when there is no such process. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
      // The command's name, in parentheses, may hold spaces; field 22 counts from after it.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? undefined : fields[19];
    }
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return started.trim().replaceAll(/[\s:]+/g, '-');
  } catch {
    return undefined;
  }
}
