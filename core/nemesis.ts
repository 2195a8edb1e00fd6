import type { Cluster, WorldName } from './cluster.ts';
import type { JsonObject } from './json.ts';
import type { NodeId } from './node-id.ts';
import type { Rng } from './rng.ts';
import type { NodeStatus } from './system.ts';

/** What is known when a fault's targets are chosen. */
export interface FaultContext {
  readonly nodes: readonly NodeId[];
  /** The node that leads now, where one is known. */
  readonly leader: NodeId | undefined;
  /** The nodes that vote, as the leader knows them; absent where that can never change. */
  readonly members?: readonly NodeId[];
  /** Nodes that some fault in force already holds dead, paused or cut off. */
  readonly afflicted: ReadonlySet<NodeId>;
  /** How many nodes may be afflicted at once; the quorum that is kept. */
  readonly maxAfflicted: number;
  readonly rng: Rng;
}

/** A fault with its targets chosen: plain data, enough to inject it again. */
export interface Fault {
  readonly kind: string;
  /** The shape of it: `isolate-leader`, `ring`, `one`, … */
  readonly variant: string;
  /** Nodes it holds back. */
  readonly targets: readonly NodeId[];
  /** Every node still sees a majority, but only just: with another fault beside it some would not. */
  readonly alone?: boolean;
  /** In words, for the report: `n3 cut off from the others`. */
  readonly summary: string;
  /** What else injecting it needs. */
  readonly data: JsonObject;
}

/** One kind of fault, with its cure. */
export interface Nemesis {
  readonly name: string;
  /** One sentence for `dtest list`. */
  readonly summary: string;
  readonly variants: readonly string[];
  /** Those that leave a majority of nodes alone and connected, for as long as they last; none where absent. */
  readonly sparing?: readonly string[];
  /** The worlds that have what it takes; all of them where absent. */
  readonly worlds?: readonly WorldName[];
  /**
   * What it does that systems may assume never to happen, as a clause; absent where they have to bear
   * it. It strikes only when it is named, never as one of `all`.
   */
  readonly outside?: string;
  /** Why it does not fit the cluster, or null when it does. */
  misfit(cluster: Cluster): string | null;
  /** Chooses targets for a variant, or null where none is left to hit. Pure. */
  choose(variant: string, context: FaultContext): Fault | null;
  /** Puts the fault in force and verifies it; resolves with what was seen. */
  inject(fault: Fault, cluster: Cluster): Promise<JsonObject>;
  /** Takes it back, whatever state it is in, and verifies that. Idempotent. */
  heal(fault: Fault, cluster: Cluster): Promise<JsonObject>;
  /**
   * Its cure needs the cluster to agree, and so may have to wait until other faults are over: those
   * are injected and healed meanwhile.
   */
  readonly isPatient?: boolean;
}

/** The cluster as it was seen at one moment: what each node said, or null where it did not answer. */
export interface Sighting {
  readonly timeNs: number;
  readonly statuses: Readonly<Record<NodeId, NodeStatus | null>>;
}
