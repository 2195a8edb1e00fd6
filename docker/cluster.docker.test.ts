import Docker from 'dockerode';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { System } from '../core/system.ts';
import { ensureImages } from './images/index.ts';
import { docker } from './index.ts';
import { askChatter, chatter, chatterOptions } from './testing/chatter.ts';
import { freshRunId, leftoversOf } from './testing/leftovers.ts';
import { until } from './testing/until.ts';

const engine = new Docker();

function systemWith(launch: Partial<System['launch']>): System {
  return { ...chatter, launch: { ...chatter.launch, ...launch } };
}

describe('a cluster', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    await ensureImages(engine, { kind: 'bundled' }, () => undefined);
  }, 600_000);
  afterEach(() => vi.unstubAllEnvs());

  it('has five nodes that hear each other, and leaves nothing behind', async () => {
    const runId = freshRunId();
    {
      await using cluster = await docker.start(chatterOptions(runId));
      expect(cluster.world).toBe('docker');
      expect(cluster.nodes.map((node) => node.id)).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);
      expect(cluster.facts).toMatchObject({ reach: 'address', links: 'nft' });
      expect(await leftoversOf(runId)).toHaveLength(5 + 5 + 5 + 1);
      for (const node of cluster.nodes) {
        await until(
          `${node.id} to hear all others`,
          () => askChatter(node).catch(() => undefined),
          (said) => Object.values(said?.heard ?? { none: 0 }).every((count) => count > 0),
        );
      }
    }
    expect(await leftoversOf(runId)).toEqual([]);
  });

  it('is reached at published ports where its addresses are out of reach', async () => {
    vi.stubEnv('DTEST_DOCKER_REACH', 'published');
    const options = { ...chatterOptions(freshRunId()), nodes: ['n1', 'n2'] };
    await using cluster = await docker.start(options);
    await cluster.network.apply({
      cut: [
        { from: 'n1', to: 'n2' },
        { from: 'n2', to: 'n1' },
      ],
    });
    for (const node of cluster.nodes) {
      expect(node.addresses.client?.host).toBe('127.0.0.1');
      await until(
        `an answer of ${node.id}`,
        () => askChatter(node).catch(() => undefined),
        (said) => said?.id === node.id,
      );
    }
  });

  it('gets by without rules where the plan cuts no link', async () => {
    const options = { ...chatterOptions(freshRunId()), nodes: ['n1', 'n2'], linkFaults: false };
    await using cluster = await docker.start(options);
    expect(await cluster.network.dropped()).toBe(0);
    expect(cluster.facts).not.toHaveProperty('links');
    // A heal that nobody needs does no harm.
    expect(await cluster.network.apply({ cut: [] })).toMatchObject({ probes: 2 });
  });

  it('has a subnet of its own, also when another run got the first choice', async () => {
    vi.stubEnv('DTEST_SUBNETS', '10.47.8.0/23');
    const options = () => ({ ...chatterOptions(freshRunId()), nodes: ['n1'], linkFaults: false });
    await using one = await docker.start(options());
    await using two = await docker.start(options());
    expect([one.facts.subnet, two.facts.subnet].toSorted()).toEqual([
      '10.47.8.0/24',
      '10.47.9.0/24',
    ]);
    const third = options();
    await expect(docker.start(third)).rejects.toThrow(/free subnet .* of 10\.47\.8\.0\/23/);
    expect(await leftoversOf(third.runId)).toEqual([]);
  });

  it('stays up when it is to be kept, until a clean that includes it', async () => {
    const runId = freshRunId();
    const kept = { ...chatterOptions(runId, runId), nodes: ['n1'], keep: true };
    await (await docker.start(kept))[Symbol.asyncDispose]();
    const isAlive = (owner: string) => owner !== runId;
    expect(await docker.clean({ isAlive, includeKept: false })).toEqual([]);
    expect(await leftoversOf(runId)).toHaveLength(4);
    expect(await docker.clean({ isAlive, includeKept: true })).toEqual([
      `run ${runId}: removed 2 containers, 1 volume, 1 network`,
    ]);
    expect(await leftoversOf(runId)).toEqual([]);
  });
});

describe('a start that fails', { timeout: 120_000 }, () => {
  it.each<[string, System, RegExp]>([
    [
      'for want of the image',
      systemWith({ image: { kind: 'registry', reference: 'dtest/no-such-image:1' } }),
      /Expected the image dtest\/no-such-image:1.*docker load/s,
    ],
    [
      'in the command of one node of five',
      systemWith({
        command: (place, settings) => {
          if (place.id === 'n4') throw new Error('no command today');
          return chatter.launch.command(place, settings);
        },
      }),
      /no command today/,
    ],
  ])('%s says so and leaves nothing behind', async (_, system, reason) => {
    const runId = freshRunId();
    await expect(docker.start({ ...chatterOptions(runId), system })).rejects.toThrow(reason);
    expect(await leftoversOf(runId)).toEqual([]);
  });

  it('at one node of five, of which another has the name, says so and leaves nothing behind', async () => {
    const runId = freshRunId();
    const { helper } = await ensureImages(engine, { kind: 'bundled' }, () => undefined);
    const name = `dtest-${runId}-n4`;
    const other = await engine.createContainer({ name, Image: helper.reference });
    try {
      await expect(docker.start(chatterOptions(runId))).rejects.toThrow(name);
      expect(await leftoversOf(runId)).toEqual([]);
      expect(await other.inspect()).toMatchObject({ Name: `/${name}` });
    } finally {
      await other.remove();
    }
  });

  it('because the run is there already does not take that one down', async () => {
    const options = { ...chatterOptions(freshRunId()), nodes: ['n1'] };
    await using cluster = await docker.start(options);
    await expect(docker.start(options)).rejects.toThrow('already in use');
    expect(await cluster.nodes[0]!.isRunning()).toBe(true);
    expect(await leftoversOf(options.runId)).toHaveLength(4);
  });
});
