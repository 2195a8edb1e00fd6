import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBridge } from './bridge.ts';
import { connectEngine } from './engine.ts';
import { ensureImages } from './images/index.ts';
import { labelsOf, nameOf } from './labels.ts';
import { mechanisms } from './link-rules.ts';
import { podNetwork } from './network.ts';
import { type Holder, startHolder } from './pod.ts';
import { belongingsOf, removeAll } from './remove.ts';
import { addressesIn } from './subnets.ts';
import { freshRunId } from './testing/leftovers.ts';

const engine = await connectEngine();
const { docker, streams } = engine;
const nodes = ['n1', 'n2', 'n3'];

describe('holders alone', { timeout: 60_000 }, () => {
  let holders: Holder[];
  let cluster: string;
  beforeEach(async () => {
    cluster = freshRunId();
    const { helper } = await ensureImages(streams, { kind: 'bundled' }, () => undefined);
    const labels = labelsOf({ runId: cluster, owner: 'test', cluster, keep: false });
    const network = nameOf(cluster);
    const addresses = addressesIn(await createBridge(docker, network, labels), nodes);
    const start = (id: string) =>
      startHolder(engine, {
        id,
        name: nameOf(cluster, id),
        labels,
        network,
        address: addresses.get(id)!,
        ports: [],
        reach: { kind: 'address' },
        helperImage: helper.reference,
      });
    holders = await Promise.all(nodes.map(start));
  }, 600_000);
  afterEach(async () => {
    for (const holder of holders) holder.shell.close();
    await removeAll(() => belongingsOf(docker, cluster));
  });

  const holder = (id: string) => holders.find((each) => each.id === id)!;
  const inHolder = (id: string, script: string) => holder(id).shell.run(script);

  it.each(mechanisms)('cut links with $name, and count it', async (mechanism) => {
    const network = podNetwork(holders, [mechanism]);
    const cut = [
      { from: 'n1', to: 'n2' },
      { from: 'n3', to: 'n1' },
    ];
    expect(await network.apply({ cut })).toMatchObject({ probes: 6, mechanism: mechanism.name });
    await inHolder('n1', `echo x > /dev/udp/${holder('n2').address}/9`);
    await inHolder('n2', `echo x > /dev/udp/${holder('n1').address}/9`);
    expect(await network.dropped()).toBeGreaterThanOrEqual(1);
    const dropped = await network.dropped();
    await network.apply({ cut: [] });
    await inHolder('n1', `echo x > /dev/udp/${holder('n2').address}/9`);
    expect(await network.dropped()).toBe(dropped);
  });

  it('fall back to the next mechanism where a kernel lacks one', async () => {
    const [nft, ...others] = mechanisms;
    const absent = { ...nft!, name: 'absent', prepare: 'nft add table nonsense dtest' };
    const network = podNetwork(holders, [absent, ...others]);
    expect(await network.apply({ cut: [] })).toMatchObject({ mechanism: 'iptables' });
  });

  it('say why of each mechanism when none works', async () => {
    const absent = { ...mechanisms[0]!, name: 'absent', prepare: 'no-such-tool' };
    const network = podNetwork(holders, [absent]);
    await expect(network.apply({ cut: [] })).rejects.toThrow(/absent: .*no-such-tool.*not found/s);
  });

  it('are not called healthy while somebody else’s rule cuts a link, which is named', async () => {
    const network = podNetwork(holders);
    await network.apply({ cut: [] });
    const rule = `ip saddr ${holder('n1').address} drop`;
    await inHolder(
      'n3',
      `nft add table ip other
       nft add chain ip other in '{ type filter hook input priority 0; }'
       nft add rule ip other in ${rule}`,
    );
    await expect(network.apply({ cut: [] })).rejects.toThrow(/saw none on n1→n3 \(healthy\)\./);
    await inHolder('n3', 'nft delete table ip other');
    expect(await network.apply({ cut: [] })).toMatchObject({ probes: 6 });
  });

  it('are missed when one is gone', async () => {
    const network = podNetwork(holders);
    await network.apply({ cut: [] });
    await holder('n2').container.kill();
    await expect(network.apply({ cut: [] })).rejects.toThrow('n2');
  });

  it('have their shells opened again when a connection was lost', async () => {
    const network = podNetwork(holders);
    await network.apply({ cut: [] });
    // The shell is the parent of what it runs, and cannot answer any more.
    await expect(inHolder('n1', 'kill -9 $$')).rejects.toThrow('ended');
    expect(await network.apply({ cut: [] })).toMatchObject({ probes: 6 });
  });
});
