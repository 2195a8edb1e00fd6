import type { NodeId } from './node-id.ts';

/**
 * Something that must hold of all nodes' states at every moment. Only a world in memory can look into
 * them; it does so after every turn of a node.
 */
export interface Invariant {
  readonly name: string;
  /** One sentence, with its source: the paper's section or figure. */
  readonly summary: string;
  /** Begins to watch a cluster. What it returns is told of a node's state, and says what is wrong. */
  readonly watch: () => (node: NodeId, state: unknown) => string | null;
}

/** An invariant that did not hold. */
export interface Breach {
  readonly invariant: string;
  /** The node whose state showed it. */
  readonly node: NodeId;
  readonly timeNs: number;
  readonly summary: string;
}
