import type { Json } from './json.ts';
import type { NodeId } from './node-id.ts';

/** Where clusters run. */
export type WorldName = 'docker' | 'local' | 'sim';

/** A TCP address as its reader can reach it. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A running cluster. Disposing it removes every process, container, network and rule it made. */
export interface Cluster extends AsyncDisposable {
  readonly world: WorldName;
  readonly nodes: readonly Node[];
  readonly network: Network;
  /** What the world can say of itself, for the run's facts: image digests, mechanisms chosen, … */
  readonly facts: Readonly<Record<string, Json>>;
}

/** One member of the cluster. Its data survives `kill` and `start`. */
export interface Node {
  readonly id: NodeId;
  /** Addresses by port name (`client`, `http`, …), as this process reaches them. */
  readonly addresses: Readonly<Record<string, Address>>;
  /** Starts the process if it is not running; resolves when it has been started, ready or not. */
  start(): Promise<void>;
  /** SIGKILL; resolves when the process is gone. Harmless on a dead node. */
  kill(): Promise<void>;
  /** Whether the process runs now, looked up and not remembered. */
  isRunning(): Promise<boolean>;
  /** What the node printed, over all its starts, the last 1 MiB of it. */
  logs(): Promise<string>;
}

/** A node whose process can be stopped in its tracks and go on later. */
export interface Pausable {
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export function isPausable(node: Node): node is Node & Pausable {
  return 'pause' in node && 'resume' in node;
}

/** One direction between two nodes. */
export interface Link {
  readonly from: NodeId;
  readonly to: NodeId;
}

/** The whole wanted state of the links; a link that is not named is healthy. */
export interface LinkState {
  /** Nothing sent over these directed links arrives, and senders are not told. */
  readonly cut: readonly Link[];
}

export const healthyLinks: LinkState = { cut: [] };

/** What the network saw when it put a link state in force. */
export interface LinkEvidence {
  readonly appliedMs: number;
  readonly verifiedMs: number;
  /** Probes over every directed link, each found as wanted. */
  readonly probes: number;
  /** Mechanism: `nft`, `proxy`, … */
  readonly mechanism: string;
}

export interface Network {
  /**
   * Puts the whole state in force at once, replacing the one before. Idempotent. Resolves after
   * probes over every directed link between running nodes saw it; rejects, saying which link, when
   * they did not within the deadline.
   */
  apply(state: LinkState): Promise<LinkEvidence>;
  /** Messages or packets swallowed by cut links since the cluster started, for the vacuity report. */
  dropped(): Promise<number>;
}
