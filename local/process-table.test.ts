import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { procTable, processTable, psTable } from './process-table.ts';
import { signalGroup } from './process-group.ts';

const groups: number[] = [];
afterEach(async () => {
  for (const group of groups.splice(0)) await signalGroup(group, 'SIGKILL');
});

/** A shell with a child in a group of their own. */
async function spawnGroup(): Promise<number> {
  const child = spawn('sh', ['-c', 'sleep 1000 & echo up; wait'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  groups.push(child.pid!);
  return child.pid!;
}

const tables = [
  ...(process.platform === 'linux' ? [{ name: '/proc', table: procTable() }] : []),
  { name: 'ps', table: psTable() },
];

describe.each(tables)('the process table from $name', ({ table }) => {
  it('knows a process by its number, its group and whether it is stopped', async () => {
    const pid = await spawnGroup();
    expect(await table.look(pid)).toMatchObject({ pid, group: pid, isStopped: false });
    await signalGroup(pid, 'SIGSTOP');
    expect((await table.look(pid))?.isStopped).toBe(true);
    await signalGroup(pid, 'SIGCONT');
    expect((await table.look(pid))?.isStopped).toBe(false);
  });

  it('lists every member of a group, and none once it is killed', async () => {
    const pid = await spawnGroup();
    const members = async (): Promise<number> =>
      (await table.all()).filter(({ group }) => group === pid).length;
    expect(await members()).toBe(2);
    await signalGroup(pid, 'SIGKILL');
    expect(await members()).toBe(0);
    expect(await table.look(pid)).toBeNull();
  });

  it('always says the same of when a process started, and something else of an older one', async () => {
    const first = await table.look(await spawnGroup());
    expect((await table.look(first!.pid))?.startedAt).toBe(first!.startedAt);
    expect((await table.look(1))?.startedAt).not.toBe(first!.startedAt);
  });

  it('knows no process that there is not', async () => {
    expect(await table.look(2 ** 22 + 1)).toBeNull();
  });
});

describe('signalling a group', () => {
  it('is harmless when it is gone', async () => {
    const pid = await spawnGroup();
    await signalGroup(pid, 'SIGKILL');
    await signalGroup(pid, 'SIGKILL');
    await signalGroup(pid, 'SIGCONT');
    expect(await processTable.look(pid)).toBeNull();
  });
});
