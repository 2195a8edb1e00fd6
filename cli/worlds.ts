import type { WorldName } from '../core/cluster.ts';
import type { World } from '../core/system.ts';
import { UsageError } from './failure.ts';

/** Every world, loaded when it is asked for: Docker's client alone costs a fifth of a second. */
const loaders: Readonly<Record<string, () => Promise<World>>> = {
  docker: async () => (await import('../docker/index.ts')).docker,
  local: async () => (await import('../local/index.ts')).local,
  sim: async () => (await import('../simulator/index.ts')).simulatedWorld(),
};

export const worldNames = Object.keys(loaders) as readonly WorldName[];

export async function loadWorld(name: string): Promise<World> {
  const load = loaders[name];
  if (load === undefined) {
    throw new UsageError(`expected a world: auto, ${worldNames.join(', ')}; got "${name}"`);
  }
  return load();
}

/** A world that works on this machine, and why it was taken. */
export interface ChosenWorld {
  readonly world: World;
  readonly why: string;
}

/** `auto` takes docker where an engine answers, else local. */
export async function chooseWorld(name: string): Promise<ChosenWorld> {
  if (name !== 'auto') {
    const world = await loadWorld(name);
    const reason = await world.unavailable();
    if (reason !== null) throw new Error(`the ${name} world does not work here: ${reason}`);
    return { world, why: 'as asked' };
  }
  const docker = await loadWorld('docker');
  const noDocker = await docker.unavailable();
  if (noDocker === null) return { world: docker, why: 'a Docker engine answers' };
  const local = await loadWorld('local');
  const noLocal = await local.unavailable();
  if (noLocal === null) return { world: local, why: `no Docker: ${noDocker}` };
  throw new Error(`no world works here. docker: ${noDocker}. local: ${noLocal}`);
}

export function isWorldName(name: string): name is WorldName {
  return Object.hasOwn(loaders, name);
}
