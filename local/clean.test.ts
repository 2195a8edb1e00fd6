import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import type { Address } from '../core/cluster.ts';
import {
  type Stage,
  ask,
  eventually,
  linksBetween,
  linksThatSpeak,
  openStage,
} from './fixtures/heartbeats.ts';
import { processTable } from './process-table.ts';
import type { RunRecord } from './run-file.ts';
import { markedProcesses } from './run-mark.ts';
import { localWorld } from './world.ts';

const allDead = { isAlive: () => false, includeKept: false };
const allAlive = { isAlive: () => true, includeKept: false };

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process of its own that has started a cluster of three, the first node paused. */
async function doomedOwner(stage: Stage, ...manner: string[]) {
  const program = join(import.meta.dirname, 'fixtures', 'doomed-owner.ts');
  const owner = spawn(process.execPath, [program, stage.stateDir, stage.workDir, ...manner], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(owner);
  const [line] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
  return { owner, addresses: JSON.parse(line) as Record<string, Address>[] };
}

async function killed(owner: ChildProcess): Promise<void> {
  owner.kill('SIGKILL');
  await once(owner, 'exit');
}

function recordPath({ stateDir }: Stage): string {
  return join(stateDir, 'runs', 'doomed.json');
}

async function recordOf(stage: Stage): Promise<RunRecord> {
  return JSON.parse(await readFile(recordPath(stage), 'utf8')) as RunRecord;
}

describe('clean', () => {
  it('ends all that a killed dtest left: paused nodes, their children, folders, the record', async () => {
    await using stage = await openStage();
    const { owner } = await doomedOwner(stage);
    await killed(owner);
    const { mark, processes } = await recordOf(stage);
    expect(Object.keys(processes).sort()).toEqual(['n1', 'n2', 'n3', 'proxies']);
    expect(await markedProcesses(mark)).not.toEqual([]);

    const lines = await localWorld(stage.stateDir).clean(allDead);

    expect(lines.join('\n')).toMatch(/ended n1 of run doomed/);
    expect(await markedProcesses(mark)).toEqual([]);
    await eventually('the workplace to be empty', async () => !(await exists(stage.workDir)));
    expect(await readdir(join(stage.stateDir, 'runs'))).toEqual([]);
    expect(await localWorld(stage.stateDir).clean(allDead)).toEqual([]);
  });

  it('lets the proxies of a killed dtest end by themselves', async () => {
    await using stage = await openStage();
    const { owner } = await doomedOwner(stage);
    const { proxies } = (await recordOf(stage)).processes;
    await killed(owner);
    await eventually(
      'the proxies to end',
      async () => (await processTable.look(proxies!.pid)) === null,
    );
    await localWorld(stage.stateDir).clean(allDead);
  });

  it('leaves a run alone whose dtest lives', async () => {
    await using stage = await openStage();
    await using cluster = await stage.start({ nodes: ['n1', 'n2'] });
    expect(await localWorld(stage.stateDir).clean(allAlive)).toEqual([]);
    await linksThatSpeak(cluster.nodes, linksBetween(['n1', 'n2'], ['n1', 'n2']));
  });

  it('leaves a run that will be kept alone while its dtest lives, asked for it or not', async () => {
    await using stage = await openStage();
    const { addresses } = await doomedOwner(stage, 'keep');
    expect(await localWorld(stage.stateDir).clean({ ...allAlive, includeKept: true })).toEqual([]);
    expect(await ask({ id: 'n1', addresses: addresses[0]! }, 'pid')).toMatch(/^\d+$/);
    const { mark } = await recordOf(stage);
    await localWorld(stage.stateDir).clean({ ...allDead, includeKept: true });
    expect(await markedProcesses(mark)).toEqual([]);
  });

  it('leaves a kept cluster up, links and all, until it is asked for it', async () => {
    await using stage = await openStage();
    const { owner, addresses } = await doomedOwner(stage, 'dispose');
    if (owner.exitCode === null) await once(owner, 'exit');
    expect(await localWorld(stage.stateDir).clean(allDead)).toEqual([]);
    const nodes = addresses.map((each, at) => ({ id: `n${String(at + 1)}`, addresses: each }));
    const ids = nodes.map(({ id }) => id);
    await linksThatSpeak(nodes, linksBetween(ids, ids));

    const { mark } = await recordOf(stage);
    const lines = await localWorld(stage.stateDir).clean({ ...allDead, includeKept: true });
    expect(lines.join('\n')).toContain('ended proxies of run doomed');
    expect(await markedProcesses(mark)).toEqual([]);
  });

  it('spares a process that has got the number of a dead one', async () => {
    await using stage = await openStage();
    const bystander = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
    children.push(bystander);
    await mkdir(join(stage.stateDir, 'runs'), { recursive: true });
    const record: RunRecord = {
      runId: 'doomed',
      owner: 'nobody',
      keep: false,
      mark: 'some mark',
      workDir: stage.workDir,
      folders: [],
      processes: { n1: { pid: bystander.pid!, startedAt: 'another time' } },
    };
    await writeFile(recordPath(stage), JSON.stringify(record));
    expect(await localWorld(stage.stateDir).clean(allDead)).toEqual([
      'removed the record of run doomed',
    ]);
    expect(await processTable.look(bystander.pid!)).not.toBeNull();
  });

  it('removes no folder without the mark of the run, nor one behind a link', async () => {
    await using stage = await openStage();
    const strange = join(stage.workDir, 'strange');
    const marked = join(stage.workDir, 'marked');
    const link = join(stage.workDir, 'link');
    for (const folder of [strange, marked]) await mkdir(folder);
    await writeFile(join(marked, '.dtest-run'), 'some mark');
    await symlink(marked, link);
    await mkdir(join(stage.stateDir, 'runs'), { recursive: true });
    const record: RunRecord = {
      runId: 'doomed',
      owner: 'nobody',
      keep: false,
      mark: 'some mark',
      workDir: stage.workDir,
      folders: [strange, link],
      processes: {},
    };
    await writeFile(recordPath(stage), JSON.stringify(record));
    await localWorld(stage.stateDir).clean(allDead);
    expect((await readdir(stage.workDir)).sort()).toEqual(['link', 'marked', 'strange']);
  });

  it.each([
    { damage: 'a torn file', text: '{"runId": "doomed", "own' },
    { damage: 'other JSON', text: '[1, 2, 3]' },
    { damage: 'the number of everybody', text: recordWith({ pid: -1, startedAt: 'x' }) },
    { damage: 'the first process', text: recordWith({ pid: 1, startedAt: 'x' }) },
  ])('reports $damage and goes on', async ({ text }) => {
    await using stage = await openStage();
    await mkdir(join(stage.stateDir, 'runs'), { recursive: true });
    await writeFile(recordPath(stage), text);
    await writeFile(join(stage.stateDir, 'runs', 'next.json'), recordWith(undefined));
    const lines = await localWorld(stage.stateDir).clean(allDead);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(`could not read ${recordPath(stage)}`);
    expect(lines[1]).toBe('removed the record of run next');
  });
});

function recordWith(n1: unknown): string {
  const processes = n1 === undefined ? {} : { n1 };
  const texts = { runId: 'next', owner: 'nobody', mark: 'some mark', workDir: '/nowhere/at/all' };
  return JSON.stringify({ ...texts, keep: false, folders: [], processes });
}

async function exists(path: string): Promise<boolean> {
  return readdir(path).then(
    () => true,
    () => false,
  );
}
