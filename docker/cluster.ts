import { randomBytes } from 'node:crypto';
import { type Cluster, type Node, type Pausable, healthyLinks } from '../core/cluster.ts';
import type { JsonObject } from '../core/json.ts';
import type { NodeId } from '../core/node-id.ts';
import type { WorldOptions } from '../core/system.ts';
import { createBridge } from './bridge.ts';
import { type Reach, reachOfEngine } from './endpoint.ts';
import type { Engine } from './engine.ts';
import { messageOf, settled } from './errors.ts';
import { type ReadyImages, ensureImages } from './images/index.ts';
import { labelsOf, nameOf } from './labels.ts';
import { type PodNetwork, podNetwork } from './network.ts';
import { placeOf } from './place.ts';
import { type Holder, type PodSpec, createSystem, startHolder } from './pod.ts';
import { belongingsOf, removeAll } from './remove.ts';
import { addressesIn } from './subnets.ts';

/** One start of a cluster, on its way. */
interface Start {
  readonly engine: Engine;
  readonly options: WorldOptions;
  readonly images: ReadyImages;
  /** Marks what this start makes, and nothing else. */
  readonly cluster: string;
}

/** Starts a cluster; a start that fails leaves nothing behind. */
export async function startCluster(engine: Engine, options: WorldOptions): Promise<Cluster> {
  const report = options.onProgress ?? (() => undefined);
  const images = await ensureImages(engine.streams, options.system.launch.image, report);
  const cluster = randomBytes(6).toString('hex');
  try {
    return await bringUp({ engine, options, images, cluster });
  } catch (error) {
    await removeAll(() => belongingsOf(engine.docker, cluster)).catch((removal: unknown) => {
      const left = `And what had been started could not be removed: ${messageOf(removal)}`;
      throw new Error(`${messageOf(error)}\n${left}`, { cause: error });
    });
    throw error;
  }
}

async function bringUp(start: Start): Promise<Cluster> {
  const { engine, options, images, cluster } = start;
  const bridge = nameOf(options.runId, cluster);
  const subnet = await createBridge(engine.docker, bridge, labelsOf({ ...options, cluster }));
  const addresses = addressesIn(subnet, options.nodes);
  const reach = await reachOfEngine(engine.docker);
  const specs = options.nodes.map((id) =>
    podSpec(start, { id, bridge, reach, address: addresses.get(id) ?? '' }),
  );
  const holders = await settled(specs.map((spec) => startHolder(engine, spec)));
  const network = podNetwork(holders);
  try {
    // Every link is seen to work before a system uses it: what fails later is the system or a fault.
    const [nodes] = await settled([
      settled(holders.map((holder, at) => makeNode(start, specs[at], { holder, addresses }))),
      options.linkFaults ? network.apply(healthyLinks) : Promise.resolve(),
    ]);
    await settled(nodes.map((node) => node.start()));
    const facts = {
      engine: engine.version,
      api: engine.apiVersion,
      images: { helper: { ...images.helper }, system: { ...images.system } },
      subnet,
      reach: reach.kind,
      ...(options.linkFaults ? { links: await network.mechanism() } : {}),
    };
    return clusterOf(start, { nodes, network, facts });
  } catch (error) {
    network.close();
    throw error;
  }
}

function clusterOf(
  { engine, options, cluster }: Start,
  parts: {
    readonly nodes: readonly (Node & Pausable)[];
    readonly network: PodNetwork;
    readonly facts: JsonObject;
  },
): Cluster {
  return {
    world: 'docker',
    nodes: parts.nodes,
    network: parts.network,
    facts: parts.facts as Cluster['facts'],
    [Symbol.asyncDispose]: async () => {
      parts.network.close();
      if (options.keep) {
        options.onProgress?.(`cluster of run ${options.runId} is left up; dtest clean removes it`);
        return;
      }
      await removeAll(() => belongingsOf(engine.docker, cluster));
    },
  };
}

function podSpec(
  { options, images, cluster }: Start,
  at: {
    readonly id: NodeId;
    readonly bridge: string;
    readonly reach: Reach;
    readonly address: string;
  },
): PodSpec {
  return {
    id: at.id,
    name: nameOf(options.runId, at.id),
    labels: labelsOf({ ...options, cluster }, at.id),
    network: at.bridge,
    address: at.address,
    ports: options.system.launch.ports,
    reach: at.reach,
    helperImage: images.helper.reference,
  };
}

function makeNode(
  { engine, options, images }: Start,
  spec: PodSpec | undefined,
  {
    holder,
    addresses,
  }: { readonly holder: Holder; readonly addresses: ReadonlyMap<NodeId, string> },
): Promise<Node & Pausable> {
  if (spec === undefined) throw new Error(`Expected a plan for ${holder.id}, got none.`);
  const { launch } = options.system;
  const place = placeOf({ cluster: options.runId, id: holder.id }, addresses, launch.ports);
  return createSystem(engine.docker, spec, holder, {
    image: images.system.reference,
    command: launch.command(place, options.settings),
    dropCapabilities: launch.image.kind === 'bundled',
  });
}
