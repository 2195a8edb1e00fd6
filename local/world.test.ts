import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Cluster, healthyLinks, isPausable } from '../core/cluster.ts';
import type { System } from '../core/system.ts';
import {
  ask,
  heartbeats,
  linkName,
  linksBetween,
  linksThatSpeak,
  openStage,
  split,
} from './fixtures/heartbeats.ts';
import { isFree } from './ports.ts';
import { type RunRecord, findRuns } from './run-file.ts';
import { markedProcesses } from './run-mark.ts';
import { local, localWorld } from './world.ts';

const ids = ['n1', 'n2', 'n3'];
const everyLink = linksBetween(ids, ids);

async function recordOf(stateDir: string, runId: string): Promise<RunRecord> {
  const found = (await findRuns(stateDir)).find(
    (run) => 'record' in run && run.record.runId === runId,
  );
  if (found === undefined || !('record' in found)) throw new Error(`expected a record of ${runId}`);
  return found.record;
}

function portsOf(cluster: Cluster): number[] {
  return cluster.nodes.flatMap((node) => Object.values(node.addresses).map(({ port }) => port));
}

/** Processes whose command line names the folder. */
async function processesUnder(folder: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-ax', '-o', 'args=']);
  return stdout.split('\n').filter((line) => line.includes(folder));
}

function starting(command: System['launch']['command']): System {
  return { ...heartbeats, launch: { ...heartbeats.launch, command } };
}

describe('disposing a cluster', () => {
  it('leaves no process, port, file or record, whatever state it is in', async () => {
    await using stage = await openStage();
    const cluster = await stage.start({ nodes: ids, settings: { grandchild: 'yes' } });
    const { mark } = await recordOf(stage.stateDir, 'run-1');
    const ports = portsOf(cluster);
    await cluster.network.apply({ cut: split(['n1'], ['n2', 'n3']) });
    await cluster.nodes[0]?.kill();
    const paused = cluster.nodes[1]!;
    if (isPausable(paused)) await paused.pause();
    expect(await markedProcesses(mark)).not.toEqual([]);

    await cluster[Symbol.asyncDispose]();

    expect(await markedProcesses(mark)).toEqual([]);
    expect(await Promise.all(ports.map(isFree))).toEqual(ports.map(() => true));
    expect(await readdir(stage.workDir)).toEqual([]);
    expect(await findRuns(stage.stateDir)).toEqual([]);
  });

  it('may be repeated', async () => {
    await using stage = await openStage();
    const cluster = await stage.start({ nodes: ids, linkFaults: false });
    await cluster[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
    expect(await readdir(stage.workDir)).toEqual([]);
  });
});

describe('a start that fails', () => {
  it.each([
    {
      reason: 'all nodes refuse their settings',
      options: { settings: { fail: 'yes' } },
      message: /expected n1 to start, but it exited with code 3.*\nexpected no setting `fail`/,
    },
    {
      reason: 'one node of three fails',
      options: {
        system: starting((place, settings) => [
          ...heartbeats.launch.command(place, place.id === 'n2' ? { fail: 'yes' } : settings),
        ]),
      },
      message: /^expected n2 to start, but it exited with code 3/,
    },
    {
      reason: 'there is no such program',
      options: { system: starting(() => ['/no/such/program']) },
      message: /expected n1 to start, but it could not be started: .*ENOENT/,
    },
  ])('because $reason says so and leaves nothing', async ({ options, message }) => {
    await using stage = await openStage();
    await expect(stage.start({ nodes: ids, ...options })).rejects.toThrow(message);
    expect(await readdir(stage.workDir)).toEqual([]);
    expect(await findRuns(stage.stateDir)).toEqual([]);
    expect(await processesUnder(stage.workDir)).toEqual([]);
  });

  it('because a folder is taken leaves what was there before', async () => {
    await using stage = await openStage();
    await mkdir(join(stage.workDir, 'n2'));
    await expect(stage.start({ nodes: ids })).rejects.toThrow('EEXIST');
    expect(await readdir(stage.workDir)).toEqual(['n2']);
    expect(await findRuns(stage.stateDir)).toEqual([]);
  });

  it.each([
    { names: 'leave the folder', options: { nodes: ['n1', '../n2'] }, message: '"../n2"' },
    { names: 'are taken twice', options: { nodes: ['n1', 'n1'] }, message: 'different names' },
    { names: 'hide the record', options: { runId: '../../x' }, message: '"../../x"' },
  ])('because names $names touches nothing', async ({ options, message }) => {
    await using stage = await openStage();
    await expect(stage.start(options)).rejects.toThrow(message);
    expect(await readdir(stage.workDir)).toEqual([]);
  });
});

describe('two runs at once', () => {
  it('share no port and do not feel the cuts and deaths of one another', async () => {
    await using first = await openStage();
    await using second = await openStage();
    await using one = await first.start({ nodes: ids });
    await using other = await second.start({ nodes: ids });
    const ports = [...portsOf(one), ...portsOf(other)];
    expect(new Set(ports).size).toBe(ports.length);

    await one.network.apply({ cut: everyLink });
    await one.nodes[0]?.kill();
    expect(await linksThatSpeak(other.nodes, everyLink)).toEqual(everyLink.map(linkName).sort());
    expect(await other.network.dropped()).toBe(0);
    await one.network.apply(healthyLinks);
  });

  it('cannot have the same name', async () => {
    await using first = await openStage();
    await using second = await openStage();
    await using cluster = await first.start({ nodes: ids, linkFaults: false });
    await expect(
      localWorld(first.stateDir).start({
        runId: 'run-1',
        owner: 'another',
        keep: false,
        nodes: ids,
        system: heartbeats,
        settings: {},
        linkFaults: false,
        workDir: second.workDir,
      }),
    ).rejects.toThrow('expected no other run to be called run-1');
    expect(await ask(cluster.nodes[0]!, 'pid')).toMatch(/^\d+$/);
  });
});

describe('a cluster', () => {
  it('may be told its folder from where dtest runs', async () => {
    await using stage = await openStage();
    const workDir = relative(process.cwd(), stage.workDir);
    await using cluster = await stage.start({ nodes: ids, workDir, linkFaults: false });
    expect(await ask(cluster.nodes[0]!, 'write x')).toBe('ok');
    expect(await readdir(join(stage.workDir, 'n1', 'data'))).toEqual(['value']);
  });

  it('says so when its proxies have died', async () => {
    await using stage = await openStage();
    await using cluster = await stage.start({ nodes: ids });
    const { proxies } = (await recordOf(stage.stateDir, 'run-1')).processes;
    process.kill(proxies!.pid, 'SIGKILL');
    await expect(cluster.network.apply({ cut: everyLink })).rejects.toThrow('their process ended');
    await expect(cluster.network.dropped()).rejects.toThrow('their process ended');
  });
});

describe('a node whose port is taken', () => {
  it('is started again when it noticed that itself', async () => {
    await using stage = await openStage();
    const onceTaken =
      'test -e tried || { touch tried; echo listen EADDRINUSE; exit 1; }; exec "$@"';
    const system = starting((place, settings) => [
      ...['sh', '-c', onceTaken, 'sh'],
      ...heartbeats.launch.command(place, settings),
    ]);
    await using cluster = await stage.start({ nodes: ids, system, linkFaults: false });
    expect(await ask(cluster.nodes[0]!, 'pid')).toMatch(/^\d+$/);
    expect(await cluster.nodes[0]!.logs()).toContain('EADDRINUSE');
  });

  it('waits for it, and starts when it is free again', async () => {
    await using stage = await openStage();
    await using cluster = await stage.start({ nodes: ids, linkFaults: false });
    const [node] = cluster.nodes;
    await node!.kill();
    const squatter = createServer().listen(node!.addresses.client);
    await once(squatter, 'listening');
    const started = node!.start();
    squatter.close();
    await started;
    expect(await ask(node!, 'pid')).toMatch(/^\d+$/);
  });

  it('says which and how to find who has it', async () => {
    await using stage = await openStage();
    await using cluster = await stage.start({ nodes: ids, linkFaults: false });
    const [node] = cluster.nodes;
    await node!.kill();
    const squatter = createServer().listen(node!.addresses.client);
    await once(squatter, 'listening');
    await expect(node!.start()).rejects.toThrow(
      `expected 127.0.0.1:${node!.addresses.client!.port} of n1 to be free`,
    );
    squatter.close();
    await node!.start();
    expect(await node!.isRunning()).toBe(true);
  });
});

describe('the local world', () => {
  it('is available here and says what it is', async () => {
    expect(local.name).toBe('local');
    expect(await local.unavailable()).toBeNull();
  });
});
