import { describe, expect, it } from 'vitest';
import type { Node } from '../core/cluster.ts';
import { healthyLinks } from '../core/cluster.ts';
import type { Op } from '../core/event.ts';
import type { Json } from '../core/json.ts';
import type { Settings } from '../core/system.ts';
import { localWorld } from '../local/index.ts';
import { bundledSystems as systems } from './index.ts';
import { type LocalCluster, eventually, localCluster } from './testing/local-cluster.ts';

const op = (name: string, value: Json = null, key: string | number = 'k'): Op => ({
  ...{ op: name, key, value },
});
const ok = (value: Json): { phase: 'ok'; value: Json } => ({ phase: 'ok', value });

/** Again until it is ok: in the meantime a leader is elected. */
async function insist(cluster: LocalCluster, node: Node, wanted: Op): Promise<Json> {
  return eventually(`${wanted.op} at ${node.id} to be ok`, async () => {
    const outcome = await cluster.once(node, wanted).catch(() => null);
    return outcome?.phase === 'ok' ? outcome.value : undefined;
  });
}

function others(cluster: LocalCluster, node: Node): readonly [Node, Node] {
  const [one, other] = cluster.nodes.filter(({ id }) => id !== node.id);
  return [one!, other!];
}

const minuteMs = 60_000;

describe.each(Object.entries(systems))('%s, as three processes,', (name, system) => {
  it('does every operation through every node', { timeout: minuteMs }, async () => {
    await using cluster = await localCluster(localWorld, system);
    await cluster.leader();
    for (const node of cluster.nodes) {
      await insist(cluster, node, op('read'));
      await using client = await cluster.client(node);
      const key = `of ${node.id} ☃`;
      const results = [];
      const steps: [string, Json][] = [
        ...[
          ['read', null],
          ['cas', [null, 1]],
          ['cas', [null, 2]],
          ['cas', [1, { a: 'é' }]],
        ],
        ...[
          ['cas', [1, 2]],
          ['read', null],
          ['write', 7],
          ['add-and-get', 1],
          ['read', null],
        ],
        ...[
          ['delete', null],
          ['append', 'x'],
          ['append', [1]],
          ['read', null],
          ['add-and-get', 1],
        ],
      ] as [string, Json][];
      for (const [each, value] of steps) results.push(await client.invoke(op(each, value, key)));
      expect(results.map((each) => (each.phase === 'ok' ? each.value : each.error))).toEqual([
        ...[null, [null, 1], 'CASFAIL the key exists', [1, { a: 'é' }]],
        ...['CASFAIL the value is not the expected one', { a: 'é' }, 7, 8, 8],
        ...[null, 'x', [1], ['x', [1]], 'WRONGTYPE the value is not an integer in range'],
      ]);
    }
  });

  it('outlives its leader, which catches up when it is back', { timeout: minuteMs }, async () => {
    await using cluster = await localCluster(localWorld, system);
    const leader = await cluster.leader();
    const [one, other] = others(cluster, leader);
    await insist(cluster, one, op('write', 1));
    await leader.kill();
    expect(await cluster.once(one, op('read')).then(({ phase }) => phase)).not.toBe('info');
    await insist(cluster, one, op('write', 2));
    expect(await insist(cluster, other, op('read'))).toBe(2);
    await leader.start();
    expect(await insist(cluster, leader, op('read'))).toBe(2);
    const applied = (await cluster.status(await cluster.leader()))?.appliedIndex ?? 0;
    await eventually('the old leader to apply what it missed', async () => {
      const status = await cluster.status(leader);
      return (status?.appliedIndex ?? -1) >= applied ? true : undefined;
    });
  });

  it(
    'remembers what it acknowledged when all its nodes are killed',
    { timeout: minuteMs },
    async () => {
      await using cluster = await localCluster(localWorld, system, { snapshotEntries: '20' });
      const [first] = cluster.nodes;
      await insist(cluster, first!, op('write', 0));
      {
        await using client = await cluster.client(first!);
        for (let count = 1; count <= 50; count++) {
          expect(await client.invoke(op('add-and-get', 1))).toEqual(ok(count));
        }
      }
      const status = await cluster.status(await cluster.leader());
      expect(status?.counters.snapshotsTaken).toBeGreaterThan(0);
      await Promise.all(cluster.nodes.map((node) => node.kill()));
      await Promise.all(cluster.nodes.map((node) => node.start()));
      for (const node of cluster.nodes) expect(await insist(cluster, node, op('read'))).toBe(50);
    },
  );

  it(
    'counts every increment of a session once while leaders are killed',
    { timeout: 2 * minuteMs },
    async () => {
      const patient = { sessions: 'on' };
      await using cluster = await localCluster(localWorld, systems[name]!, patient);
      await cluster.leader();
      const counts = cluster.nodes.map(() => ({ ok: 0, open: 0 }));
      let isOver = false;
      const workers = cluster.nodes.map(async (node, at) => {
        await using client = await cluster.client(node);
        while (!isOver) {
          const { phase } = await client.invoke(op('add-and-get', 1));
          if (phase === 'ok') counts[at]!.ok += 1;
          if (phase === 'info') counts[at]!.open += 1;
        }
      });
      const acked = (): number => counts.reduce((sum, each) => sum + each.ok, 0);
      for (let round = 0; round < 3; round++) {
        const leader = await cluster.leader();
        const before = acked();
        await leader.kill();
        await eventually('increments without the leader', () =>
          Promise.resolve(acked() > before + 20 ? true : undefined),
        );
        await leader.start();
      }
      isOver = true;
      await Promise.all(workers);
      const total = Number(await insist(cluster, cluster.nodes[0]!, op('read')));
      const open = counts.reduce((sum, each) => sum + each.open, 0);
      expect(total).toBeGreaterThanOrEqual(acked());
      expect(total).toBeLessThanOrEqual(acked() + open);
    },
  );

  it.each([
    ['local', ok('old')],
    ['index', { phase: 'fail' }],
  ])(
    'answers reads on a node that is cut off, with reads=%s, by %j',
    { timeout: minuteMs },
    async (reads, outcome) => {
      await using cluster = await localCluster(localWorld, system, {
        reads,
        requestTimeoutMs: '1000',
      });
      const leader = await cluster.leader();
      const [alone, other] = others(cluster, leader);
      await insist(cluster, leader, op('write', 'old'));
      await eventually('the node to have applied the write', async () => {
        const [mine, theirs] = [await cluster.status(alone), await cluster.status(leader)];
        return mine !== null && mine.appliedIndex === theirs?.appliedIndex ? true : undefined;
      });
      const cut = [leader, other].flatMap((node) => [
        { from: node.id, to: alone.id },
        { from: alone.id, to: node.id },
      ]);
      await cluster.network.apply({ cut });
      await insist(cluster, leader, op('write', 'new'));
      expect(await cluster.once(alone, op('read'))).toMatchObject(outcome);
      expect(await cluster.once(alone, op('write', 'lost'))).toMatchObject({
        phase: expect.not.stringMatching('ok') as string,
      });
      await cluster.network.apply(healthyLinks);
      await eventually('the node to read what it missed', async () => {
        const read = await cluster.once(alone, op('read'));
        return read.phase === 'ok' && read.value !== 'old' ? true : undefined;
      });
    },
  );

  it('names the leader where it does not forward', { timeout: minuteMs }, async () => {
    await using cluster = await localCluster(localWorld, system, { forward: 'off' });
    const leader = await cluster.leader();
    await insist(cluster, leader, op('write', 1));
    const [one] = others(cluster, leader);
    const error = await eventually('a refusal that names the leader', async () => {
      const outcome = await cluster.once(one, op('write', 2));
      return outcome.phase === 'fail' && outcome.error.includes(leader.id)
        ? outcome.error
        : undefined;
    });
    expect(error).toContain(`NOTLEADER ${leader.id}`);
  });
});

describe('a bundled system', () => {
  it('starts the host program of the same package, with everything that it needs to know', () => {
    const place = {
      ...{ cluster: 'run', id: 'n1', nodes: ['n1', 'n2'], listen: {}, peers: {}, dataDir: '/data' },
      ...{ packageRoot: '/package', nodeBinary: '/bin/node', host: '127.0.0.1' },
    };
    const { raft } = systems;
    const words = raft!.launch.command(place, { reads: 'lease' });
    expect([words[0], words.at(-2)]).toEqual(['/bin/node', '/package/host/main.ts']);
    expect(JSON.parse(words.at(-1) ?? '')).toEqual({
      protocol: 'raft',
      place,
      settings: { reads: 'lease' },
      seed: 1,
    });
  });

  it.each(Object.values(systems))('$name offers only settings that it understands', (system) => {
    const defaults = Object.fromEntries(system.settings.map((spec) => [spec.name, spec.default]));
    const init = (settings: Settings): unknown =>
      system.protocolWith!({}).init({
        ...{ self: 'n1', nodes: ['n1'], durable: { records: [] }, seed: 1, nowMs: 0, settings },
      });
    init(defaults);
    // Sessions are the clients' own, and so are some bugs.
    const clients = new Set(['sessions', 'bug']);
    for (const { name } of system.settings.filter((spec) => !clients.has(spec.name))) {
      expect(() => init({ ...defaults, [name]: 'nonsense' })).toThrow(name);
    }
  });

  it('has its name in the index', () => {
    for (const [name, system] of Object.entries(systems)) expect(system.name).toBe(name);
  });
});
