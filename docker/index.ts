import type { ImageSpec, World } from '../core/system.ts';
import { cleanEngine } from './clean.ts';
import { startCluster } from './cluster.ts';
import { connectEngine } from './engine.ts';
import { messageOf } from './errors.ts';
import { type ReadyImages, ensureImages } from './images/index.ts';

export { type DockerFacts, inspectDocker } from './doctor.ts';

/** Runs every node in containers of its own, on any Docker Engine from 20.10. */
export const docker: World = {
  name: 'docker',
  unavailable: async () => {
    try {
      await connectEngine();
      return null;
    } catch (error) {
      return messageOf(error);
    }
  },
  start: async (options) => startCluster(await connectEngine(), options),
  clean: async (options) => {
    const engine = await connectEngine();
    return cleanEngine(engine.docker, options);
  },
};

/**
 * Pulls or builds what a system needs, where that has not been done; `start` does it as well. Rejects
 * with the reason and the remedy when it cannot.
 */
export async function buildImages(
  spec: ImageSpec,
  onProgress: (message: string) => void,
): Promise<ReadyImages> {
  const engine = await connectEngine();
  return ensureImages(engine.streams, spec, onProgress);
}
