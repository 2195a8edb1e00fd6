import type Docker from 'dockerode';
import type { Address, Node, Pausable } from '../core/cluster.ts';
import type { NodeId } from '../core/node-id.ts';
import type { PortSpec } from '../core/system.ts';
import { demultiplex, lastOf } from './demultiplex.ts';
import type { Reach } from './endpoint.ts';
import type { Engine } from './engine.ts';
import { unless } from './errors.ts';
import type { LinkEnd } from './network.ts';
import { dataDir } from './place.ts';
import { shellIn } from './shell.ts';

const killTimeoutMs = 10_000;
const maxLogBytes = 1 << 20;
/** The engine keeps at least half of this of each node's output, in JSON, so never less than we show. */
const logFiles = { 'max-size': '8m', 'max-file': '2' };

export interface PodSpec {
  readonly id: NodeId;
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly network: string;
  readonly address: string;
  readonly ports: readonly PortSpec[];
  readonly reach: Reach;
  readonly helperImage: string;
}

/** The part of a node that outlives its system: address, name, ports and link rules are its own. */
export interface Holder extends LinkEnd {
  readonly container: Docker.Container;
  readonly addresses: Readonly<Record<string, Address>>;
}

/** What it takes to write rules: NET_ADMIN, and NET_RAW for iptables. Nothing else is given. */
const holderPowers = {
  CapDrop: ['ALL'],
  CapAdd: ['NET_ADMIN', 'NET_RAW'],
  SecurityOpt: ['no-new-privileges'],
  Init: true,
};

/** Starts a node's holder, which owns the network namespace. */
export async function startHolder({ docker, streams }: Engine, spec: PodSpec): Promise<Holder> {
  const published = publishedPorts(spec);
  const container = await docker.createContainer({
    name: `${spec.name}-holder`,
    Image: spec.helperImage,
    Hostname: spec.id,
    Labels: spec.labels,
    ExposedPorts: Object.fromEntries(published.map(({ port }) => [`${String(port)}/tcp`, {}])),
    HostConfig: {
      NetworkMode: spec.network,
      ...holderPowers,
      PortBindings: portBindings(spec),
    },
    NetworkingConfig: {
      EndpointsConfig: {
        [spec.network]: { IPAMConfig: { IPv4Address: spec.address }, Aliases: [spec.id] },
      },
    },
  });
  await container.start();
  return {
    id: spec.id,
    address: spec.address,
    container,
    shell: shellIn(streams.getContainer(container.id), spec.name),
    addresses: await addressesOf(container, spec),
  };
}

/** A container with a holder's powers and no network at all, to try things out in. */
export async function startSandbox(
  docker: Docker,
  spec: {
    readonly name: string;
    readonly image: string;
    readonly labels: Record<string, string>;
  },
): Promise<Docker.Container> {
  const container = await docker.createContainer({
    name: spec.name,
    Image: spec.image,
    Labels: spec.labels,
    HostConfig: { NetworkMode: 'none', ...holderPowers },
  });
  await container.start();
  return container;
}

export interface SystemSpec {
  readonly image: string;
  readonly command: readonly string[];
  /** Our own image needs no capability at all; a foreign one keeps what its entry point may count on. */
  readonly dropCapabilities: boolean;
}

/** Makes the container of the system under test, in the holder's network; does not start it. */
export async function createSystem(
  docker: Docker,
  spec: PodSpec,
  holder: Holder,
  system: SystemSpec,
): Promise<Node & Pausable> {
  const [program = '', ...words] = system.command;
  await docker.createVolume({ Name: `${spec.name}-data`, Labels: spec.labels });
  const container = await docker.createContainer({
    name: spec.name,
    Image: system.image,
    Entrypoint: [program],
    Cmd: words,
    Labels: spec.labels,
    HostConfig: {
      NetworkMode: `container:${holder.container.id}`,
      // As process 1, Node.js would ignore SIGTERM and leave its dead children lying.
      Init: true,
      Mounts: [{ Type: 'volume', Source: `${spec.name}-data`, Target: dataDir }],
      LogConfig: { Type: 'json-file', Config: logFiles },
      ...(system.dropCapabilities ? { CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'] } : {}),
    },
  });
  return nodeOf(spec.id, holder, container);
}

function nodeOf(id: NodeId, holder: Holder, container: Docker.Container): Node & Pausable {
  const state = async () => (await container.inspect()).State;
  return {
    id,
    addresses: holder.addresses,
    start: async () => {
      // A paused process is a running one, which the engine refuses to start.
      if ((await state()).Running) return;
      await unless(container.start(), 304);
    },
    kill: async () => {
      await unless(container.kill({ signal: 'SIGKILL' }), 409);
      await gone(id, container);
    },
    isRunning: async () => (await state()).Running,
    logs: async () => {
      const output = await container.logs({ stdout: true, stderr: true, follow: false });
      return lastOf(demultiplex(output), maxLogBytes);
    },
    pause: async () => {
      if ((await state()).Paused) return;
      await container.pause();
    },
    resume: async () => {
      if ((await state()).Paused) await container.unpause();
    },
  };
}

async function gone(id: NodeId, container: Docker.Container): Promise<void> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), killTimeoutMs);
  try {
    await container.wait({ condition: 'not-running', abortSignal: abort.signal });
  } catch (cause) {
    throw new Error(
      `Expected ${id} to be gone within ${String(killTimeoutMs / 1000)} s of SIGKILL, but it is not.`,
      { cause },
    );
  } finally {
    clearTimeout(timer);
  }
}

function publishedPorts(spec: PodSpec): readonly PortSpec[] {
  if (spec.reach.kind === 'address') return [];
  return spec.ports.filter((port) => port.reachedBy === 'clients');
}

function portBindings(spec: PodSpec): Docker.PortMap {
  const bind = spec.reach.kind === 'published' ? spec.reach.bind : '';
  return Object.fromEntries(
    publishedPorts(spec).map(({ port }) => [
      `${String(port)}/tcp`,
      [{ HostIp: bind, HostPort: '' }],
    ]),
  );
}

async function addressesOf(
  container: Docker.Container,
  spec: PodSpec,
): Promise<Record<string, Address>> {
  const { reach } = spec;
  const ports = spec.ports.filter((port) => port.reachedBy === 'clients');
  if (reach.kind === 'address') {
    return Object.fromEntries(ports.map(({ name, port }) => [name, { host: spec.address, port }]));
  }
  const bound = (await container.inspect()).NetworkSettings.Ports;
  return Object.fromEntries(
    ports.map(({ name, port }) => {
      const at = bound[`${String(port)}/tcp`]?.[0]?.HostPort;
      if (at === undefined) {
        throw new Error(
          `Expected the engine to publish port ${String(port)} of ${spec.id}, got none.`,
        );
      }
      return [name, { host: reach.host, port: Number(at) }];
    }),
  );
}
