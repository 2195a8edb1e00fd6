import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Cluster, Link, Node, Pausable } from '../core/cluster.ts';
import { askChatter, chatterOptions, startChatter } from './testing/chatter.ts';
import { freshRunId } from './testing/leftovers.ts';
import { until } from './testing/until.ts';

const ids = ['n1', 'n2', 'n3', 'n4', 'n5'];

function between(some: readonly string[], others: readonly string[]): Link[] {
  return some.flatMap((a) =>
    others.flatMap((b) => [
      { from: a, to: b },
      { from: b, to: a },
    ]),
  );
}

const nameOf = ({ from, to }: Link) => `${from}→${to}`;

describe('the links of a cluster', { timeout: 60_000 }, () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startChatter(chatterOptions(freshRunId()));
  }, 600_000);
  afterAll(() => cluster[Symbol.asyncDispose]());
  beforeEach(async () => {
    await cluster.network.apply({ cut: [] });
  });

  const node = (id: string) => cluster.nodes.find((each) => each.id === id)! as Node & Pausable;

  /** What the systems themselves heard of each other, by link. */
  const heard = async (nodes: readonly string[] = ids) => {
    const statuses = await Promise.all(nodes.map((id) => askChatter(node(id))));
    return new Map(
      statuses.flatMap(({ id, heard }) =>
        Object.entries(heard).map(([from, count]) => [nameOf({ from, to: id }), count] as const),
      ),
    );
  };

  /** Waits until greetings have come over every link that is to work; gives the links that carried none. */
  const silentLinks = async (expected: readonly Link[], nodes: readonly string[] = ids) => {
    const silent = new Set(expected.map(nameOf));
    const before = await heard(nodes);
    const after = await until(
      `greetings over all links but ${[...silent].join(', ')}`,
      () => heard(nodes),
      (now) =>
        [...now].every(([link, count]) => silent.has(link) || count >= (before.get(link) ?? 0) + 5),
    );
    return [...after].filter(([link, count]) => count === before.get(link)).map(([link]) => link);
  };

  it.each<[string, readonly Link[]]>([
    ['healed: every node hears every other', []],
    ['a majority and a minority', between(['n1', 'n2', 'n3'], ['n4', 'n5'])],
    ['one node alone', between(['n3'], ['n1', 'n2', 'n4', 'n5'])],
    ['one way only: n1 hears n2, n2 does not hear n1', [{ from: 'n1', to: 'n2' }]],
    ['a bridge: n3 is in touch with both sides', between(['n1', 'n2'], ['n4', 'n5'])],
    ['a ring of majorities', ids.flatMap((id, at) => between([id], [ids[(at + 2) % 5]!]))],
    [
      'everything',
      ids.flatMap((id) =>
        between(
          [id],
          ids.filter((other) => other > id),
        ),
      ),
    ],
  ])('carry the systems’ own traffic as wanted: %s', async (_, cut) => {
    const evidence = await cluster.network.apply({ cut });
    expect(evidence).toMatchObject({ probes: 20, mechanism: 'nft' });
    const silent = await silentLinks(cut);
    expect(new Set(silent)).toEqual(new Set(cut.map(nameOf)));
  });

  it('are as the last state says, not the sum of all states', async () => {
    await cluster.network.apply({ cut: between(['n1'], ['n2']) });
    await cluster.network.apply({ cut: between(['n3'], ['n4']) });
    await cluster.network.apply({ cut: between(['n3'], ['n4']) });
    expect(new Set(await silentLinks(between(['n3'], ['n4'])))).toEqual(
      new Set(['n3→n4', 'n4→n3']),
    );
    await cluster.network.apply({ cut: [] });
    await cluster.network.apply({ cut: [] });
    expect(await silentLinks([])).toEqual([]);
  });

  it('take states that are asked for at the same time one after the other', async () => {
    const states = ids.slice(1).map((id) => ({ cut: between(['n1'], [id]) }));
    const all = await Promise.all(states.map((state) => cluster.network.apply(state)));
    expect(all.map((evidence) => evidence.probes)).toEqual([20, 20, 20, 20]);
    expect(new Set(await silentLinks(states.at(-1)!.cut))).toEqual(new Set(['n1→n5', 'n5→n1']));
  });

  it('count what they swallow, and not dtest’s own probes', async () => {
    const before = await cluster.network.dropped();
    await cluster.network.apply({ cut: [] });
    expect(await cluster.network.dropped()).toBe(before);
    await cluster.network.apply({ cut: [{ from: 'n1', to: 'n2' }] });
    const during = await until(
      'dropped greetings',
      () => cluster.network.dropped(),
      (count) => count > before + 10,
    );
    await cluster.network.apply({ cut: [] });
    const after = await cluster.network.dropped();
    expect(after).toBeGreaterThanOrEqual(during);
    await silentLinks([]);
    expect(await cluster.network.dropped()).toBe(after);
  });

  it('change while systems are dead and paused, and stay as they are when these come back', async () => {
    await node('n1').kill();
    await node('n2').pause();
    const cut = between(['n1', 'n2'], ['n3', 'n4', 'n5']);
    expect(await cluster.network.apply({ cut })).toMatchObject({ probes: 20 });
    await node('n2').resume();
    await node('n1').start();
    await until(
      'n1 to answer',
      () => askChatter(node('n1')).catch(() => undefined),
      (status) => status !== undefined,
    );
    expect(new Set(await silentLinks(cut))).toEqual(new Set(cut.map(nameOf)));
  });

  it('leave dtest’s own clients alone, whatever is cut', async () => {
    await cluster.network.apply({
      cut: ids.flatMap((id) =>
        between(
          [id],
          ids.filter((other) => other > id),
        ),
      ),
    });
    const statuses = await Promise.all(cluster.nodes.map((each) => askChatter(each)));
    expect(statuses.map((status) => status.id)).toEqual(ids);
  });

  it('refuse links between nodes that do not exist, naming them', async () => {
    const cut = [{ from: 'n1', to: 'n9' }];
    await expect(cluster.network.apply({ cut })).rejects.toThrow('n1, n2, n3, n4, n5, got n1→n9');
  });
});
