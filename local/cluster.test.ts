import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, type Link, healthyLinks } from '../core/cluster.ts';
import { nodeIds } from '../core/node-id.ts';
import {
  type Stage,
  linkName,
  linksBetween,
  linksThatSpeak,
  openStage,
  split,
} from './fixtures/heartbeats.ts';

const ids = nodeIds(5);
const everyLink = linksBetween(ids, ids);

function without(cut: readonly Link[]): Link[] {
  const names = new Set(cut.map(linkName));
  return everyLink.filter((link) => !names.has(linkName(link)));
}

/** Each node sees a majority, and no two the same one (Jepsen's majorities ring). */
const ring = everyLink.filter(({ from, to }) => {
  const distance = Math.abs(ids.indexOf(from) - ids.indexOf(to));
  return distance === 2 || distance === 3;
});

describe('links of five processes', () => {
  let stage: Stage;
  let cluster: Cluster;

  beforeAll(async () => {
    stage = await openStage();
    cluster = await stage.start();
  });
  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
    await stage[Symbol.asyncDispose]();
  });

  it('carry heartbeats between all nodes at first', async () => {
    expect(await linksThatSpeak(cluster.nodes, everyLink)).toEqual(everyLink.map(linkName).sort());
    expect(await cluster.network.dropped()).toBe(0);
  });

  it.each([
    { shape: 'majority and minority', cut: split(['n1', 'n2', 'n3'], ['n4', 'n5']) },
    { shape: 'one node alone', cut: split(['n3'], ['n1', 'n2', 'n4', 'n5']) },
    { shape: 'one way only', cut: [{ from: 'n1', to: 'n2' }] },
    { shape: 'deaf and not mute', cut: linksBetween(['n1', 'n2', 'n3', 'n4'], ['n5']) },
    { shape: 'bridge', cut: split(['n1', 'n2'], ['n4', 'n5']) },
    { shape: 'ring', cut: ring },
    { shape: 'nobody to anybody', cut: everyLink },
  ])('are cut in the shape: $shape', async ({ cut }) => {
    const evidence = await cluster.network.apply({ cut });
    expect(evidence).toMatchObject({ mechanism: 'proxy', probes: 40 });

    const healthy = without(cut);
    expect(await linksThatSpeak(cluster.nodes, healthy)).toEqual(healthy.map(linkName).sort());
    expect(await cluster.network.dropped()).toBeGreaterThan(0);

    await cluster.network.apply(healthyLinks);
    expect(await linksThatSpeak(cluster.nodes, everyLink)).toEqual(everyLink.map(linkName).sort());
  });
});
