import {
  type Administrable,
  type Cluster,
  type LinkState,
  healthyLinks,
  isAdministrable,
} from '../core/cluster.ts';
import type { Fault, FaultContext, Nemesis } from '../core/nemesis.ts';
import type { NodeId } from '../core/node-id.ts';
import { chooseNodes, listed, nodeVariants } from './targets.ts';

/** How long the cluster may take over a change of members: to strike, and to be as before. */
const strikeMs = 2000;
const healMs = 60_000;

/**
 * Members leave, and come back when it heals. A node that is no member runs on: what it does to the
 * others, and what it tells its clients, is part of the fault.
 */
export const membership: Nemesis = {
  name: 'membership',
  summary:
    'takes nodes out of the members, puts others in their place, tears the cluster meanwhile',
  variants: [...nodeVariants, 'swap', 'torn'],
  isPatient: true,
  misfit: misfitOfAdministered,
  choose: (variant, context) =>
    variant === 'torn' ? chooseTorn(context) : chooseLeaving(variant, context),
  // What a cluster in trouble refuses is no less of a strike: it may have begun.
  async inject(fault, cluster) {
    if (fault.variant === 'torn') await cluster.network.apply(cutAround(fault, cluster));
    return change(cluster, membersIn(fault, 'after'), strikeMs);
  },
  async heal(fault, cluster) {
    if (fault.variant === 'torn') await cluster.network.apply(healthyLinks);
    const members = membersIn(fault, 'before');
    const { done, said } = await change(cluster, members, healMs);
    if (done) return { members };
    const seconds = healMs / 1000;
    throw new Error(
      `expected the members to be ${members.join(', ')} again within ${seconds} s, got: ${said}`,
    );
  },
};

/** Members leave; where they are swapped, as many as wait take their place. */
function chooseLeaving(variant: string, context: FaultContext): Fault | null {
  const { nodes, leader, members = nodes, afflicted } = context;
  const ofMembers = { ...context, nodes: members };
  const leaving = chooseNodes(variant === 'swap' ? 'minority' : variant, ofMembers);
  if (leaving === null || leaving.length === members.length) return null;
  const joining = variant === 'swap' ? waitingIn(context).filter((id) => !afflicted.has(id)) : [];
  const after = [...members.filter((node) => !leaving.includes(node)), ...joining];
  const out = `${listed(leaving, leader)} no longer a member`;
  const summary = joining.length === 0 ? out : `${out}, but ${joining.join(', ')}`;
  const data = { before: members, after };
  return { kind: 'membership', variant, targets: leaving, summary, data };
}

/**
 * The leader is cut off from the other members, and told at that very moment to go on with those who wait
 * or, if nobody does, with some of the members: the side that it is on must not take itself for the
 * cluster (Raft §6, figure 10).
 */
function chooseTorn(context: FaultContext): Fault | null {
  const { nodes, members = nodes, leader = members[0], maxAfflicted, rng } = context;
  if (leader === undefined || context.afflicted.size > 0) return null;
  const others = rng.shuffle(members.filter((node) => node !== leader));
  const waiting = waitingIn(context);
  const joining = waiting.length > 0 ? waiting : others.slice(0, maxAfflicted - 1);
  const after = [leader, ...joining];
  if (others.every((node) => after.includes(node))) return null;
  const summary = `cluster torn apart, ${after.join(', ')} told to go on alone`;
  const data = { before: members, after };
  return { kind: 'membership', variant: 'torn', targets: [], alone: true, summary, data };
}

function waitingIn({ nodes, members = nodes }: FaultContext): readonly NodeId[] {
  return nodes.filter((node) => !members.includes(node));
}

function cutAround(fault: Fault, { nodes }: Cluster): LinkState {
  const side = membersIn(fault, 'after');
  const rest = nodes.map(({ id }) => id).filter((id) => !side.includes(id));
  const pairs = side.flatMap((one) => rest.map((other) => [one, other] as const));
  return {
    cut: pairs.flatMap(([one, other]) => [
      { from: one, to: other },
      { from: other, to: one },
    ]),
  };
}

function membersIn({ data }: Fault, when: 'before' | 'after'): readonly NodeId[] {
  return data[when] as readonly NodeId[];
}

function change(
  cluster: Cluster,
  nodes: readonly NodeId[],
  withinMs: number,
): Promise<{ readonly done: boolean; readonly said: string }> {
  return administrated(cluster).administer({ op: 'members', nodes }, withinMs);
}

/** A cluster whose system takes such requests. */
export function administrated(cluster: Cluster): Administrable {
  if (isAdministrable(cluster)) return cluster;
  throw new Error(`expected a cluster that can be administered, got one of ${cluster.world}`);
}

export function misfitOfAdministered(cluster: Cluster): string | null {
  return isAdministrable(cluster) ? null : 'the system cannot be told who its members are';
}

/** A member to lead, or null where there is no other. */
export function chooseSuccessor(
  { nodes, leader, members = nodes, rng }: FaultContext,
  isWanted: (node: NodeId) => boolean,
): NodeId | null {
  const others = members.filter((node) => node !== leader);
  const wanted = others.filter(isWanted);
  if (others.length === 0) return null;
  return rng.pick(wanted.length === 0 ? others : wanted);
}
