import type { World } from '../core/system.ts';
import { cleanEngine } from './clean.ts';
import { startCluster } from './cluster.ts';
import { connectEngine } from './engine.ts';
import { messageOf } from './errors.ts';

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
