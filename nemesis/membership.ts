import { type Administrable, type Cluster, isAdministrable } from '../core/cluster.ts';
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
  summary: 'takes nodes out of the members, or puts others in their place, and undoes it',
  variants: [...nodeVariants, 'swap'],
  isPatient: true,
  misfit: misfitOfAdministered,
  choose(variant, context) {
    const { nodes, leader, members = nodes, afflicted } = context;
    const ofMembers = { ...context, nodes: members };
    const leaving = chooseNodes(variant === 'swap' ? 'minority' : variant, ofMembers);
    if (leaving === null || leaving.length === members.length) return null;
    const waiting = nodes.filter((node) => !members.includes(node) && !afflicted.has(node));
    const joining = variant === 'swap' ? waiting : [];
    const after = [...members.filter((node) => !leaving.includes(node)), ...joining];
    const out = `${listed(leaving, leader)} no longer a member`;
    const summary = joining.length === 0 ? out : `${out}, but ${joining.join(', ')}`;
    const data = { before: members, after };
    return { kind: 'membership', variant, targets: leaving, summary, data };
  },
  // What a cluster in trouble refuses is no less of a strike: it may have begun.
  inject: (fault, cluster) => change(cluster, membersIn(fault, 'after'), strikeMs),
  async heal(fault, cluster) {
    const members = membersIn(fault, 'before');
    const { done, said } = await change(cluster, members, healMs);
    if (done) return { members };
    const seconds = healMs / 1000;
    throw new Error(
      `expected the members to be ${members.join(', ')} again within ${seconds} s, got: ${said}`,
    );
  },
};

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
