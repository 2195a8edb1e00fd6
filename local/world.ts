import { resolve } from 'node:path';
import type { World } from '../core/system.ts';
import { cleanRuns } from './clean.ts';
import { startCluster } from './cluster.ts';
import { defaultStateDir } from './run-file.ts';

/**
 * Clusters of child processes on loopback: no root, no Docker. `stateDir` is where the records lie
 * by which `clean` finds what a killed dtest left behind.
 */
export function localWorld(stateDir: string): World {
  return {
    name: 'local',
    unavailable: () =>
      Promise.resolve(
        process.platform === 'win32'
          ? 'local needs process groups and SIGSTOP, which Windows lacks; use docker, or WSL'
          : null,
      ),
    // Nodes run in folders of their own, where a relative path would lead elsewhere.
    start: (options) =>
      startCluster({ ...options, workDir: resolve(options.workDir) }, resolve(stateDir)),
    clean: (options) => cleanRuns(options, stateDir),
  };
}

export const local: World = localWorld(defaultStateDir());
