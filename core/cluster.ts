import type { Json } from './json.ts';
import type { NodeId } from './node-id.ts';
import type { Administration } from './protocol.ts';

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

/** A machine that can lose power: its process dies, and its disk keeps what was synced at least. */
export interface Powered {
  losePower(): Promise<void>;
  /** From now on power fails by itself with this probability at such moments, and comes back at once. */
  failAfter(moment: PowerMoment, share: number): Promise<void>;
  /** From now on power stays. */
  neverFail(): Promise<void>;
}

/**
 * When losing power hurts most: right after something has left the node while not all that it wrote was
 * synced, or right after something was synced, before the node has gone on from there.
 */
export type PowerMoment = 'sending' | 'syncing';

export function isPowered(node: Node): node is Node & Powered {
  return 'losePower' in node;
}

/** A machine whose monotonic clock can be set wrong. Backwards it never goes. */
export interface Clocked {
  jumpClock(forwardMs: number): Promise<void>;
  /** 1.01 runs one percent fast. */
  setClockRate(rate: number): Promise<void>;
}

export function isClocked(node: Node): node is Node & Clocked {
  return 'jumpClock' in node;
}

/** What is wrong with a machine's disk. */
export interface DiskTrouble {
  /** Added to every sync, in milliseconds. */
  readonly slowMs: number;
  /** Nothing more can be written: ENOSPC. */
  readonly full: boolean;
  /** The next so many syncs fail: EIO. */
  readonly failingSyncs: number;
}

export const healthyDisk: DiskTrouble = { slowMs: 0, full: false, failingSyncs: 0 };

/** A machine whose disk can be made to misbehave. */
export interface Disked {
  troubleDisk(trouble: DiskTrouble): Promise<void>;
  /** Turns a bit of what is on the disk around; resolves to whether there was one. Its process must be down. */
  flipBit(): Promise<boolean>;
  /** Takes away everything on the disk. Its process must be down. */
  wipeDisk(): Promise<void>;
}

export function isDisked(node: Node): node is Node & Disked {
  return 'troubleDisk' in node;
}

/** A cluster that can be told who its members are, and who of them shall lead. */
export interface Administrable {
  /**
   * Asks the node that leads, and asks again where that changes nothing, until it is done or this much
   * time is over. Resolves with whether it is done, and with the last that was said.
   */
  administer(
    request: Administration,
    withinMs: number,
  ): Promise<{ readonly done: boolean; readonly said: string }>;
}

export function isAdministrable(cluster: Cluster): cluster is Cluster & Administrable {
  return 'administer' in cluster;
}

/** A cluster in memory, whose nodes' states can be compared with each other. */
export interface Restable {
  /** Everything is healed and quiet, and all nodes have caught up: what must hold then is looked at. */
  atRest(): void;
}

export function isRestable(cluster: Cluster): cluster is Cluster & Restable {
  return 'atRest' in cluster;
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

/** Flaws on top of what the network is like anyway. Shares are probabilities, 0 to 1. */
export interface LinkFlaws {
  readonly loss: number;
  readonly duplication: number;
  /** Each message takes up to so much longer, so that later ones overtake it. */
  readonly slowMs: number;
  /**
   * Each message comes later than the one before, by this share of the time between them, as out of a
   * buffer that fills; their order is kept. 0 where absent.
   */
  readonly backlog?: number;
  /** They begin so much later than asked for; at once where absent. */
  readonly afterMs?: number;
}

/** A network whose links can be made worse without being cut. */
export interface Flawable {
  /** The whole wanted state, as with `apply`; a link that is not named has no flaws. */
  flaw(links: readonly (Link & LinkFlaws)[]): Promise<void>;
}

export function isFlawable(network: Network): network is Network & Flawable {
  return 'flaw' in network;
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
