import type { Place, Settings } from './system.ts';

/**
 * The one argument of the bundled host program, as JSON: `node host/main.ts '<HostConfig>'`.
 * Bundled systems listen on three ports: `client` (RESP), `http` (health, status, metrics), both
 * reached by clients, and `peer` (frames), reached by peers.
 */
export interface HostConfig {
  /** Name of the protocol in the host's index: `raft`, `paxos`, … */
  readonly protocol: string;
  readonly place: Place;
  readonly settings: Settings;
  readonly seed: number;
}
