/** A node's name inside its cluster: `n1`, `n2`, … */
export type NodeId = string;

/** The names of a cluster of `count` nodes, in order. */
export function nodeIds(count: number): NodeId[] {
  return Array.from({ length: count }, (_, at) => `n${String(at + 1)}`);
}
