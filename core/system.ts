import type { Bug } from './bug.ts';
import type { Clock } from './clock.ts';
import type { Op, OpName, Outcome } from './event.ts';
import type { Address, Cluster, Node, WorldName } from './cluster.ts';
import type { Breach, Invariant } from './invariant.ts';
import type { LoadClient, LoadClientOptions, LoadTarget } from './load-client.ts';
import type { NodeId } from './node-id.ts';
import type { Administration, Protocol } from './protocol.ts';
import type { Conditions } from './conditions.ts';

/** A system under test: how it is started in each world, and how one talks to it. */
export interface System {
  readonly name: string;
  /** One sentence for `dtest list`. */
  readonly summary: string;
  readonly operations: readonly OpName[];
  readonly settings: readonly SettingSpec[];
  /** The most nodes that a cluster of it can have; any number where absent. */
  readonly mostNodes?: number;
  readonly launch: Launch;
  /**
   * What its nodes run with these settings, for a world without processes; absent where that is a
   * program of others.
   */
  readonly protocolWith?: (settings: Settings) => Protocol<unknown, unknown>;
  /** Why a kind of fault is outside of what it assumes, with these settings, as a clause; or null. */
  outside?(fault: string, settings: Settings): string | null;
  /** What must hold of its nodes' states at every moment. */
  readonly invariants?: readonly Invariant[];
  /** Mistakes that can be planted by the setting `bug`. */
  readonly bugs?: readonly Bug[];
  /** Opens a client bound to one node; rejects when the node cannot be reached. */
  connect(node: Node, options: ConnectOptions): Promise<Client>;
  /**
   * A client of one node that costs as little as can be, for generating load. Where it is absent, or
   * null because the settings ask for more than it can do, `connect` serves, and the generator is the
   * sooner busy.
   */
  lean?(target: LoadTarget, options: LoadClientOptions): LoadClient | null;
  /** Asks a node what it thinks it is; rejects when the node does not answer within the deadline. */
  inspect(node: Node): Promise<NodeStatus>;
  /**
   * Asks a node to change the cluster's members or leader, where the system can do that. Resolves with
   * what it said, or with what kept it from saying anything; never rejects.
   */
  administer?(
    node: Node,
    request: Administration,
    options: Pick<ConnectOptions, 'timeoutMs'>,
  ): Promise<Administered>;
}

/** What a node said to an administrator: `refused` changed nothing, `unknown` may have, or may yet. */
export interface Administered {
  readonly kind: 'done' | 'refused' | 'unknown';
  readonly said: string;
}

/** A choice the user has, as `--set name=value`; `reads` and `forward` have flags of their own. */
export interface SettingSpec {
  readonly name: string;
  readonly summary: string;
  readonly values: readonly string[];
  readonly default: string;
  /** Values that bring out what the default hides; a seed may choose among them. None where absent. */
  readonly swarm?: readonly string[];
}

export type Settings = Readonly<Record<string, string>>;

/** How a world starts one node. The same command runs as a child process and in a container. */
export interface Launch {
  /** Names of the TCP ports a node listens on; worlds choose the numbers. */
  readonly ports: readonly PortSpec[];
  /** The image that holds the program, for docker. */
  readonly image: ImageSpec;
  /** The program and its arguments for the node at `place`. */
  command(place: Place, settings: Settings): readonly string[];
  /** The program's name, where it does not come with dtest, and how to get it, as a sentence. */
  readonly program?: { readonly name: string; readonly remedy: string };
  /**
   * Its nodes have to know each other by the same addresses, so that links cannot lead through proxies,
   * which are one for each direction.
   */
  readonly sharesAddresses?: boolean;
}

export interface PortSpec {
  readonly name: string;
  /** The number used where every node has an address of its own. */
  readonly port: number;
  /** Who connects: other nodes over links that faults may cut, or dtest's own clients. */
  readonly reachedBy: 'peers' | 'clients';
}

/**
 * `bundled`: dtest's own host program on Node.js, in an image built from this package.
 * `registry`: a public image, pulled; where no registry answers, an image with the same program, made from
 * these packages of Debian's, if there are any. `packages`: always made from these.
 */
export type ImageSpec =
  | { readonly kind: 'bundled' }
  | {
      readonly kind: 'registry';
      readonly reference: string;
      readonly packages?: readonly string[];
    }
  | { readonly kind: 'packages'; readonly packages: readonly string[] };

/** A node's place in its cluster, as its own process sees it. */
export interface Place {
  /** The run's id: members of different clusters never talk to each other, whoever has which port. */
  readonly cluster: string;
  readonly id: NodeId;
  readonly nodes: readonly NodeId[];
  /** The address at which others reach it, by name or number. */
  readonly host: string;
  /** Where to listen, by port name. */
  readonly listen: Readonly<Record<string, Address>>;
  /** Where the others are, by node and port name, over links that faults may cut. */
  readonly peers: Readonly<Record<NodeId, Readonly<Record<string, Address>>>>;
  /** A folder of the node's own that survives restarts. */
  readonly dataDir: string;
  /** Where the package's files are on that machine: holds `host/main.ts` (or `.js`). */
  readonly packageRoot: string;
  /** The Node.js binary there. */
  readonly nodeBinary: string;
}

export interface ConnectOptions {
  /** The run's settings; some are the client's to obey, such as whether it uses sessions. */
  readonly settings: Settings;
  /** After this long without an answer an operation is over, with an outcome the client can stand for. */
  readonly timeoutMs: number;
  /** The time by which that is counted. */
  readonly clock: Clock;
  /** Tells whoever connects from others: what is drawn for one client is not moved by another. */
  readonly name?: string;
}

/** Sends one operation at a time. `invoke` never rejects: what went wrong is an outcome. */
export interface Client extends AsyncDisposable {
  invoke(op: Op): Promise<Outcome>;
}

/** What a node says of itself. `term` is the Raft term or the Paxos ballot's round. */
export interface NodeStatus {
  readonly id: NodeId;
  readonly role: 'leader' | 'follower' | 'candidate' | 'other';
  readonly term: number;
  readonly leader?: NodeId;
  /** The machines that vote, as far as this one knows; absent where that can never change. */
  readonly members?: readonly NodeId[];
  readonly commitIndex: number;
  readonly appliedIndex: number;
  /** Counters by name (elections, messages, fsyncs, …). */
  readonly counters: Readonly<Record<string, number>>;
}

/** A node that says what it is without being asked over a socket, because it lives in memory. */
export interface Inspectable {
  inspect(): Promise<NodeStatus>;
}

export function isInspectable(node: Node): node is Node & Inspectable {
  return 'inspect' in node;
}

/** Time that passes only when nothing is left to do before the next event. */
export interface VirtualTime {
  readonly clock: Clock;
  /** Lets time pass until the work is done. All it awaits must be of this time. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Starts clusters of a system in one world. */
export interface World {
  readonly name: WorldName;
  /** The time that passes in it; real time where absent. */
  readonly time?: VirtualTime;
  /** Why this machine cannot run it, or null when it can. */
  unavailable(): Promise<string | null>;
  start(options: WorldOptions): Promise<Cluster>;
  /** Removes what dead runs left behind in this world; says what, a line each. */
  clean(options: CleanOptions): Promise<readonly string[]>;
}

export interface CleanOptions {
  /** Whether the dtest process that this mark names (`WorldOptions.owner`) still runs. */
  isAlive(owner: string): boolean;
  /** Also what was kept on purpose; without it, kept clusters stay. */
  readonly includeKept: boolean;
}

export interface WorldOptions {
  readonly runId: string;
  /** Names the dtest process that owns the run; everything made is marked with it and the run's id. */
  readonly owner: string;
  /** The user wants the cluster left up at the end; only an explicit clean removes it. */
  readonly keep: boolean;
  readonly nodes: readonly NodeId[];
  readonly system: System;
  readonly settings: Settings;
  /** Whether the plan needs links that can be cut. */
  readonly linkFaults: boolean;
  /** Decides the draws of nodes and, in the simulator, of everything around them. */
  readonly seed?: number;
  /** How the simulated surroundings behave; other worlds have their own. */
  readonly conditions?: Conditions;
  /** A folder for node data and logs, made by the caller; the world removes the data in it. */
  readonly workDir: string;
  readonly onProgress?: (message: string) => void;
  /** Told of every invariant that did not hold, by a world that can look. */
  readonly onBreach?: (breach: Breach) => void;
}
