import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster, Node, Pausable } from '../core/cluster.ts';
import { askChatter, chatterOptions, startChatter } from './testing/chatter.ts';
import { freshRunId } from './testing/leftovers.ts';
import { until } from './testing/until.ts';

describe('a node', { timeout: 60_000 }, () => {
  let cluster: Cluster;
  let node: Node & Pausable;
  beforeAll(async () => {
    cluster = await startChatter({ ...chatterOptions(freshRunId()), nodes: ['n1', 'n2'] });
    node = cluster.nodes[0]! as Node & Pausable;
    await answer();
  }, 600_000);
  afterAll(() => cluster[Symbol.asyncDispose]());

  const answer = async () => {
    const status = await until(
      'an answer',
      () => askChatter(node).catch(() => undefined),
      (said) => said !== undefined,
    );
    return status!;
  };

  it('comes back from a kill with its address and its data', async () => {
    const { starts } = await answer();
    await node.kill();
    expect(await node.isRunning()).toBe(false);
    await expect(askChatter(node)).rejects.toThrow();
    await node.start();
    expect(await node.isRunning()).toBe(true);
    expect(await answer()).toMatchObject({ id: 'n1', starts: starts + 1 });
  });

  it('takes a kill when dead and a start when running for done', async () => {
    await node.kill();
    await node.kill();
    await node.start();
    const { starts } = await answer();
    await node.start();
    expect(await answer()).toMatchObject({ starts });
  });

  it('stands still while paused, and goes on', async () => {
    const [, other] = cluster.nodes;
    const { starts } = await answer();
    await node.pause();
    await node.pause();
    expect(await node.isRunning()).toBe(true);
    await node.start();
    const heardOf = async () => (await askChatter(other!)).heard.n1!;
    const still = await heardOf();
    const patience = (await askChatter(other!)).starts;
    expect(patience).toBe(1);
    await node.resume();
    await node.resume();
    await until('greetings again', heardOf, (count) => count > still);
    expect(await answer()).toMatchObject({ starts });
  });

  it('can be killed while paused, and started afterwards', async () => {
    const { starts } = await answer();
    await node.pause();
    await node.kill();
    expect(await node.isRunning()).toBe(false);
    await node.resume();
    await node.start();
    expect(await answer()).toMatchObject({ starts: starts + 1 });
  });

  it('refuses a pause when dead, as there is nothing to pause', async () => {
    await node.kill();
    await expect(node.pause()).rejects.toThrow('not running');
    await node.start();
  });

  it('keeps what it printed over all its starts', async () => {
    const lines = async () => (await node.logs()).match(/n1 listens\n/g)?.length ?? 0;
    const before = await lines();
    await answer();
    await node.kill();
    await node.start();
    await answer();
    expect(before).toBeGreaterThan(0);
    await until('one more line', lines, (count) => count > before);
  });

  it('has no capability at all', async () => {
    expect(await answer()).toMatchObject({ capabilities: '0000000000000000' });
  });
});
