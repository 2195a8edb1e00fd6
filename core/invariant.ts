import type { NodeId } from './node-id.ts';

/**
 * Something that must hold of all nodes' states at every moment. Only a world in memory can look into
 * them; it does so after every turn of a node, so that looking must cost next to nothing where nothing
 * has changed.
 */
export interface Invariant<State = unknown> {
  readonly name: string;
  /** One sentence, with its source: the paper's section or figure. */
  readonly summary: string;
  /** Begins to watch a cluster. */
  watch(): Watch<State>;
}

/** An invariant's eye on one cluster. Both functions say what is wrong, or null where nothing is. */
export interface Watch<State> {
  /** A node has made a turn, which left it in this state. A node that starts anew has another object. */
  look(node: NodeId, state: State): string | null;
  /** Everything is healed and quiet: these are the states in which the nodes have come to rest. */
  atRest?(states: ReadonlyMap<NodeId, State>): string | null;
}

/** An invariant that did not hold. */
export interface Breach {
  readonly invariant: string;
  /** The node whose state showed it; absent where it took all of them. */
  readonly node?: NodeId;
  readonly timeNs: number;
  readonly summary: string;
}
