import type { NodeId } from '../../../core/node-id.ts';
import { type Rng, rngOf } from '../../../core/rng.ts';
import type { TestCluster } from '../../testing/cluster.ts';
import type { ClusterOptions, Sent } from '../../testing/surroundings.ts';
import type { Configuration } from '../configuration.ts';
import { configurationOf } from '../log.ts';
import type { Append, RaftMessage } from '../messages.ts';
import type { RaftState } from '../state.ts';

type Cluster = TestCluster<RaftState, RaftMessage>;
type Strike = NonNullable<ClusterOptions<RaftState, RaftMessage>['onSend']>;

/** Seen as a leader sends entries: what a strike chooses its moment and its victims by. */
interface Moment {
  readonly leader: NodeId;
  readonly append: Append;
  readonly state: RaftState;
  readonly cluster: Cluster;
  /** Of the moment alone, so that runs repeat. */
  readonly rng: Rng;
  readonly others: readonly NodeId[];
}

function strikeAt(untilMs: number, act: (moment: Moment) => void): Strike {
  return ({ from: leader, message }: Sent<RaftMessage>, cluster) => {
    const { state } = cluster.node(leader);
    if (cluster.nowMs() > untilMs || message.kind !== 'append' || state === undefined) return;
    const rng = rngOf(Math.floor(cluster.nowMs() * 1000), 'strike');
    const others = rng.shuffle(cluster.ids.filter((id) => id !== leader));
    act({ leader, append: message, state, cluster, rng, others });
  };
}

/**
 * The network falls apart just as a configuration leaves, or while newcomers catch up: the leader is left
 * with those who are new, or with some others. New leaders are asked for changes at once.
 */
export function splitAtChanges(untilMs: number): Strike {
  return strikeAt(untilMs, (moment) => {
    const { leader, append, state, cluster, rng, others } = moment;
    const some = others.slice(0, rng.int(1, 2));
    const joint = jointIn(append);
    if (joint !== undefined && rng.float() < 0.3) {
      splitOff(moment, rng.float() < 0.7 ? newcomersOf(joint) : some, rng.int(100, 600));
      if (rng.float() < 0.5) ask(moment, cluster.ids, rng.int(5, 60));
    }
    const areLearning = state.leading?.change?.phase === 'catching-up';
    if (areLearning && rng.float() < 0.1) splitOff(moment, some, rng.int(100, 800));
    if (!isNoOp(append) || rng.float() < 0.5) return;
    const members = rng.shuffle(configurationOf(state.log).configuration.members);
    const outside = cluster.ids.filter((id) => !members.includes(id));
    const wanted = [members.slice(1), [...members, ...outside.slice(1)], [leader, ...outside]];
    ask(moment, rng.pick(wanted), 0);
    if (rng.float() < 0.5) splitOff(moment, some, rng.int(50, 400));
  });
}

/**
 * Two leaders in turn change the same members by one: the first brings its change only to the newcomer, the
 * second begins at once to take out another, and tells only one more node (Ongaro 2015).
 */
export function changesThatCross(untilMs: number): Strike {
  return strikeAt(untilMs, (moment) => {
    const { leader, append, state, cluster, rng } = moment;
    const joint = jointIn(append);
    if (joint !== undefined && newcomersOf(joint).length > 0 && rng.float() < 0.5) {
      splitOff(moment, newcomersOf(joint), rng.int(150, 500));
    }
    const { members } = configurationOf(state.log).configuration;
    const [first = leader, second = leader] = rng.shuffle(members.filter((id) => id !== leader));
    if (isNoOp(append) && rng.float() < 0.5) {
      ask(moment, without(members, first), 0);
      splitOff(moment, [second], rng.int(150, 600));
    } else if (rng.float() < 0.1) {
      ask(moment, members.length < cluster.ids.length ? cluster.ids : without(members, first), 0);
    }
  });
}

function jointIn({ entries }: Append): Configuration | undefined {
  return entries.find(({ configuration }) => configuration?.former !== undefined)?.configuration;
}

function newcomersOf({ members, former = [] }: Configuration): readonly NodeId[] {
  return members.filter((id) => !former.includes(id));
}

function isNoOp({ entries }: Append): boolean {
  const [first, ...more] = entries;
  return first?.command === null && first.configuration === undefined && more.length === 0;
}

function ask({ cluster, leader }: Moment, nodes: readonly NodeId[], delayMs: number): void {
  cluster.after(delayMs, () => void cluster.administer(leader, { op: 'members', nodes }));
}

/** The leader and these are cut off from the rest for a while. */
function splitOff({ cluster, leader }: Moment, those: readonly NodeId[], lastsMs: number): void {
  const side = [...new Set([leader, ...those])];
  const rest = cluster.ids.filter((id) => !side.includes(id));
  cluster.soon(() => cluster.split(side, rest));
  cluster.after(lastsMs, () => {
    for (const one of side) {
      for (const other of rest) {
        cluster.links.mend(one, other);
        cluster.links.mend(other, one);
      }
    }
  });
}

function without(nodes: readonly NodeId[], one: NodeId): readonly NodeId[] {
  return nodes.filter((id) => id !== one);
}
