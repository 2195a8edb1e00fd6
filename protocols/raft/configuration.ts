import type { NodeId } from '../../core/node-id.ts';

/** Who votes, as an entry of the log says it. It counts as soon as it is in a log (§6). */
export interface Configuration {
  readonly members: readonly NodeId[];
  /** In the joint phase: the members before, of whom a majority is needed as well. */
  readonly former?: readonly NodeId[];
}

/** So many of these. Where there are two such demands, as in the joint phase, both have to be met. */
export interface Quorum {
  readonly voters: readonly NodeId[];
  readonly count: number;
}

/** A configuration with its place in the log, which is 0 for the one that the cluster began with. */
export interface Placed {
  readonly index: number;
  readonly configuration: Configuration;
  /** What it takes to elect, to commit, and to know that one still leads. */
  quorums: readonly Quorum[];
}

export function placed(index: number, configuration: Configuration): Placed {
  return { index, configuration, quorums: quorumsOf(configuration) };
}

/** A majority of the members; in the joint phase also, apart, of the former ones (§6). */
export function quorumsOf({ members, former }: Configuration): Quorum[] {
  const halves = former === undefined ? [members] : [former, members];
  return halves.map((voters) => ({ voters, count: Math.floor(voters.length / 2) + 1 }));
}

/** Everyone with a vote, each once. */
export function votersOf({ members, former = [] }: Configuration): NodeId[] {
  return [...new Set([...former, ...members])];
}

export function isVoter({ members, former }: Configuration, node: NodeId): boolean {
  return members.includes(node) || former?.includes(node) === true;
}

/** The highest value that every quorum has reached, each node having reached its own and all below. */
export function reachedByAll(
  quorums: readonly Quorum[],
  valueOf: (node: NodeId) => number,
): number {
  let reached = Infinity;
  for (const quorum of quorums) reached = Math.min(reached, reachedBy(quorum, valueOf));
  return reached;
}

/** Used again and again: asked for at every step, new ones were most of the garbage of a leader. */
const descending: number[] = [];

/** The highest value that so many voters are not below. */
function reachedBy({ voters, count }: Quorum, valueOf: (node: NodeId) => number): number {
  for (let at = 0; at < voters.length; at++) {
    const value = valueOf(voters[at] as NodeId);
    let place = at;
    for (; place > 0 && (descending[place - 1] as number) < value; place--) {
      descending[place] = descending[place - 1] as number;
    }
    descending[place] = value;
  }
  return count > voters.length ? -Infinity : (descending[count - 1] as number);
}

export function isSameSet(one: readonly NodeId[], other: readonly NodeId[]): boolean {
  return one.length === other.length && one.every((each) => other.includes(each));
}
