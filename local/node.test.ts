import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Cluster,
  type Node,
  type Pausable,
  healthyLinks,
  isPausable,
} from '../core/cluster.ts';
import { nodeIds } from '../core/node-id.ts';
import {
  type Stage,
  ask,
  eventually,
  heardBy,
  heardOver,
  linkName,
  linksBetween,
  linksThatSpeak,
  openStage,
  split,
} from './fixtures/heartbeats.ts';
import { processTable } from './process-table.ts';

const ids = nodeIds(3);

/** Each test leaves all nodes running over healthy links. */
let stage: Stage;
let cluster: Cluster;
let n1: Node & Pausable;
let n2: Node;

beforeAll(async () => {
  stage = await openStage();
  cluster = await stage.start({ nodes: ids, settings: { grandchild: 'yes' } });
  const [first, second] = cluster.nodes;
  if (first === undefined || second === undefined || !isPausable(first)) {
    throw new Error('expected nodes that can be paused');
  }
  n1 = first;
  n2 = second;
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();
});

describe('a node', () => {
  it('keeps its data and addresses over kill and start', async () => {
    expect(await ask(n1, 'write precious')).toBe('ok');
    const { addresses } = n1;
    const pid = await ask(n1, 'pid');
    await n1.kill();
    expect(await n1.isRunning()).toBe(false);
    await n1.start();
    expect(await n1.isRunning()).toBe(true);
    expect(n1.addresses).toEqual(addresses);
    expect(await ask(n1, 'read')).toBe('precious');
    expect(await ask(n1, 'pid')).not.toBe(pid);
  });

  it('is spoken to again by its peers after a restart', async () => {
    await n1.kill();
    await n1.start();
    const all = linksBetween(ids, ids);
    expect(await linksThatSpeak(cluster.nodes, all)).toEqual(all.map(linkName).sort());
  });

  it('takes the whole of its process group with it', async () => {
    const grandchild = Number(await ask(n1, 'grandchild'));
    expect(await processTable.look(grandchild)).not.toBeNull();
    await n1.kill();
    expect(await processTable.look(grandchild)).toBeNull();
    await n1.start();
  });

  it('takes its process group with it when it dies by itself', async () => {
    const grandchild = Number(await ask(n1, 'grandchild'));
    process.kill(Number(await ask(n1, 'pid')), 'SIGTERM');
    await eventually('the node to end', async () => !(await n1.isRunning()));
    await eventually(
      'the grandchild to end',
      async () => (await processTable.look(grandchild)) === null,
    );
    await n1.start();
    expect(await ask(n1, 'pid')).toMatch(/^\d+$/);
  });

  it('takes start when it runs and kill when it is dead for granted', async () => {
    const pid = await ask(n1, 'pid');
    await Promise.all([n1.start(), n1.start()]);
    expect(await ask(n1, 'pid')).toBe(pid);
    await Promise.all([n1.kill(), n1.kill()]);
    await n1.kill();
    await Promise.all([n1.start(), n1.start()]);
    expect(await n1.isRunning()).toBe(true);
  });

  it('can be killed while it starts, and started right after', async () => {
    await n1.kill();
    const start = n1.start();
    const killed = expect(start).rejects.toThrow('expected n1 to start, but it was killed');
    await n1.kill();
    await killed;
    expect(await n1.isRunning()).toBe(false);
    const again = n1.start();
    await again;
    expect(await n1.isRunning()).toBe(true);
  });

  it('remembers what it printed over all its starts', async () => {
    const before = (await n1.logs()).match(/n1 is up/g)?.length ?? 0;
    await n1.kill();
    await n1.start();
    await eventually(
      'another line',
      async () => (await n1.logs()).match(/n1 is up/g)?.length === before + 1,
    );
  });
});

describe('a paused node', () => {
  it('says nothing, counts as running, and goes on where it was', async () => {
    const pid = await ask(n1, 'pid');
    await n1.pause();
    expect(await n1.isRunning()).toBe(true);
    expect((await processTable.look(Number(pid)))?.isStopped).toBe(true);
    const others = cluster.nodes.slice(1);
    const between = linksBetween(['n2', 'n3'], ['n2', 'n3']);
    expect(await linksThatSpeak(others, between)).toEqual(between.map(linkName).sort());
    await n1.resume();
    expect(await ask(n1, 'pid')).toBe(pid);
  });

  it('can be paused and resumed twice', async () => {
    await n1.pause();
    await n1.pause();
    await n1.resume();
    await n1.resume();
    expect(await ask(n1, 'pid')).toMatch(/^\d+$/);
  });

  it('can be killed with all of its group, and started', async () => {
    const grandchild = Number(await ask(n1, 'grandchild'));
    await n1.pause();
    await n1.kill();
    expect(await n1.isRunning()).toBe(false);
    expect(await processTable.look(grandchild)).toBeNull();
    await n1.resume();
    await n1.start();
    expect(await ask(n1, 'pid')).toMatch(/^\d+$/);
  });

  it('must be running to be paused, but resuming a dead one is harmless', async () => {
    await n1.kill();
    await expect(n1.pause()).rejects.toThrow('expected n1 to be running');
    await n1.resume();
    await n1.start();
  });
});

describe('links', () => {
  it('give back what they held, in order and whole, on the same connections', async () => {
    await linksThatSpeak(cluster.nodes, linksBetween(ids, ids));
    const before = await heardOver(cluster.nodes);
    await cluster.network.apply({ cut: split(['n1'], ['n2', 'n3']) });
    const healthy = linksBetween(['n2', 'n3'], ['n2', 'n3']);
    await linksThatSpeak(cluster.nodes, healthy);
    await cluster.network.apply(healthyLinks);
    await linksThatSpeak(cluster.nodes, linksBetween(ids, ids));
    for (const [name, heard] of await heardOver(cluster.nodes)) {
      const { connections, gaps } = before.get(name)!;
      expect([name, heard.connections, heard.gaps]).toEqual([name, connections, gaps]);
    }
  });

  it('hold acknowledgements too: replies belong to the way that they travel', async () => {
    await cluster.network.apply({ cut: [{ from: 'n1', to: 'n2' }] });
    const acknowledged = async (): Promise<number> =>
      (JSON.parse(await ask(n2, 'acknowledged')) as Record<string, number>).n1 ?? 0;
    await acknowledged();
    const before = await acknowledged();
    const heardBefore = (await heardBy(n1)).n2?.count ?? 0;
    await eventually(
      'n1 to hear n2',
      async () => ((await heardBy(n1)).n2?.count ?? 0) > heardBefore + 5,
    );
    expect(await acknowledged()).toBe(before);
    await cluster.network.apply(healthyLinks);
    await eventually('acknowledgements', async () => (await acknowledged()) > before);
  });

  it.each([
    { state: 'dead', stop: () => n1.kill(), go: () => n1.start() },
    { state: 'paused', stop: () => n1.pause(), go: () => n1.resume() },
  ])('can be cut and healed while a node is $state', async ({ stop, go }) => {
    const cut = split(['n1'], ['n2']);
    await stop();
    expect(await cluster.network.apply({ cut })).toMatchObject({ probes: 12 });
    await go();
    const healthy = linksBetween(ids, ids).filter((link) => !cut.some(sameAs(link)));
    expect(await linksThatSpeak(cluster.nodes, healthy)).toEqual(healthy.map(linkName).sort());
    await stop();
    await cluster.network.apply(healthyLinks);
    await go();
    await linksThatSpeak(cluster.nodes, linksBetween(ids, ids));
  });

  it('refuse a state with a stranger and keep the one in force', async () => {
    const stranger = { from: 'n1', to: 'n9' };
    await expect(cluster.network.apply({ cut: [stranger] })).rejects.toThrow('got n1 → n9');
    await linksThatSpeak(cluster.nodes, linksBetween(ids, ids));
  });
});

describe('a cluster without link faults', () => {
  it('has no proxies and refuses to cut', async () => {
    await using other = await openStage();
    await using direct = await other.start({ nodes: ids, linkFaults: false });
    await linksThatSpeak(direct.nodes, linksBetween(ids, ids));
    expect(await direct.network.apply(healthyLinks)).toMatchObject({ mechanism: 'direct' });
    await expect(direct.network.apply({ cut: split(['n1'], ['n2']) })).rejects.toThrow(
      'started without link faults',
    );
    expect((await readdir(join(other.workDir, 'n1'))).sort()).toEqual([
      '.dtest-run',
      'data',
      'node.log',
    ]);
  });
});

function sameAs(link: { from: string; to: string }): (other: typeof link) => boolean {
  return (other) => other.from === link.from && other.to === link.to;
}
