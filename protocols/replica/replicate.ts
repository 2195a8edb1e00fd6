import {
  type Counters,
  type Input,
  type Protocol,
  type ProtocolOptions,
  type Standing,
  standingOf,
} from '../../core/protocol.ts';
import { rngOf } from '../../core/rng.ts';
import type { Consensus, ConsensusSnapshot } from '../consensus.ts';
import { emptyMachine, restoreSnapshot } from '../kv/index.ts';
import { accept, admit, cancel, hear } from './admit.ts';
import { agree } from './agree.ts';
import { isSnapshotDue, snapshotNow } from './apply.ts';
import { expire } from './expire.ts';
import { giveOut } from './dispatch.ts';
import { type ReplicaMessage, isReplicaMessage } from './message.ts';
import { sendPosted } from './outbox.ts';
import { followLeader } from './route.ts';
import { replicaSettings } from './settings.ts';
import type { ReplicaState, Turn, View } from './state.ts';

/**
 * A replicated key-value store on top of any agreement on a log: state machine replication (Schneider
 * 1990) with client sessions (Ongaro, dissertation §6.3).
 *
 * One rule decides what becomes of a request that meets trouble. What certainly stands in no log is
 * tried again until its deadline, and then refused. What may stand in one is never tried again, and
 * ends unknown; unless a second time does no harm, as with reads and with writes in a session.
 */
export function replicate<Inner, Message>(
  consensus: Consensus<Inner, Message>,
): Protocol<ReplicaState<Inner>, ReplicaMessage<Message>> {
  const isInner = (value: unknown): value is Message => consensus.isMessage(value);
  return {
    name: consensus.name,
    init: (options) => init(consensus, options),
    step(state, input, nowMs) {
      const turn: Turn<Inner, Message> = { consensus, state, nowMs, effects: [], retry: false };
      take(turn, input);
      if (turn.retry || nowMs >= state.retryAtMs) giveOut(turn);
      if (input.kind === 'tick') sendPosted(turn);
      if (isSnapshotDue(turn)) {
        agree(turn, { kind: 'compact', index: state.appliedIndex, machine: snapshotNow(turn) });
      }
      return turn.effects;
    },
    wakeAt(state) {
      if (state.outbox.size > 0) return -Infinity;
      return Math.min(consensus.wakeAt(state.agreement), state.deadlineAtMs, state.retryAtMs);
    },
    status(state) {
      const { appliedIndex } = state;
      return { ...consensus.status(state.agreement), appliedIndex };
    },
    counters: (state) => countersOf(consensus, state),
    standing: (state) => standingOf(consensus, state.agreement),
    isMessage: (value): value is ReplicaMessage<Message> => isReplicaMessage(value, isInner),
  };
}

function init<Inner, Message>(
  consensus: Consensus<Inner, Message>,
  options: ProtocolOptions,
): ReplicaState<Inner> {
  const { self, nodes, seed, nowMs } = options;
  const settings = replicaSettings(options.settings);
  const snapshot = snapshotOf(options.durable.snapshot);
  const { records } = options.durable;
  const durable = snapshot === undefined ? { records } : { snapshot, records };
  const agreement = consensus.init({ ...options, durable });
  const status = consensus.status(agreement);
  const lifeRng = rngOf(seed, `life of ${self} at ${nowMs} after ${records.length} records`);
  const draw = (): string => lifeRng.int(0, 2 ** 32 - 1).toString(36);
  const boot = draw() + draw();
  return {
    ...{ self, nodes, settings, agreement, boot, bootTerm: status.term },
    machine: snapshot === undefined ? emptyMachine() : restoreSnapshot(snapshot.machine),
    appliedIndex: snapshot?.index ?? 0,
    sinceSnapshot: { entries: 0, bytes: 0, snapshotBytes: snapshot?.machine.length ?? 0 },
    ...{
      view: viewOf(self, status),
      proposer: proposerIn({ self, boot }, status.term),
      numbers: 0,
    },
    ...{ pending: new Map(), clients: new Map(), queue: new Set() },
    ...{ proposed: new Map(), readable: new Map(), forwarded: new Map(), received: new Map() },
    outbox: new Map(),
    ...{ deadlineAtMs: Infinity, retryAtMs: Infinity },
    counters: {
      ...{ forwardsSent: 0, forwardsReceived: 0, forwardsResent: 0, forwardsDoubled: 0 },
      ...{ requestsOverloaded: 0, requestsTimedOut: 0, proposalsLost: 0 },
      ...{ snapshotsTaken: 0, snapshotsRestored: 0 },
    },
  };
}

function take<Inner, Message>(
  turn: Turn<Inner, Message>,
  input: Input<ReplicaMessage<Message>>,
): void {
  switch (input.kind) {
    case 'request':
      admit(turn, { kind: 'client', id: input.id }, input.request);
      return;
    case 'cancel':
      cancel(turn, input.id);
      return;
    case 'tick':
      agree(turn, input);
      look(turn);
      expire(turn);
      return;
    case 'persisted':
      agree(turn, input);
      look(turn);
      return;
    case 'message':
      takeMessage(turn, input.from, input.message);
  }
}

function takeMessage<Inner, Message>(
  turn: Turn<Inner, Message>,
  from: string,
  message: ReplicaMessage<Message>,
): void {
  switch (message.kind) {
    case 'bundle':
      for (const each of message.messages) takeMessage(turn, from, each);
      return;
    case 'agree':
      agree(turn, { kind: 'message', from, message: message.message });
      look(turn);
      return;
    case 'forward':
      accept(turn, from, message);
      return;
    case 'forwarded':
      hear(turn, from, message);
  }
}

/** Notices when another node leads, or the same one in another term. */
function look<Inner, Message>(turn: Turn<Inner, Message>): void {
  const { consensus, state } = turn;
  const { self, view } = state;
  const now = standingOf(consensus, state.agreement);
  const leading = now.role === 'leader';
  const isSame = now.term === view.term && leading === view.leading;
  if (isSame && leaderBy(now, self) === view.leader) return;
  state.view = viewOf(self, now);
  state.proposer = proposerIn(state, now.term);
  followLeader(turn);
}

/** A node that has stepped down and not noticed its successor knows of no leader. */
function leaderBy({ role, leader }: Standing, self: string): string | undefined {
  if (role === 'leader') return self;
  return leader === self ? undefined : leader;
}

function viewOf(self: string, standing: Standing): View {
  const leader = leaderBy(standing, self);
  const view = { term: standing.term, leading: standing.role === 'leader' };
  return leader === undefined ? view : { leader, ...view };
}

function proposerIn({ self, boot }: { self: string; boot: string }, term: number): string {
  return `${self}/${boot}/${term}`;
}

function countersOf<Inner, Message>(
  consensus: Consensus<Inner, Message>,
  { agreement, counters, pending, forwarded, machine }: ReplicaState<Inner>,
): Counters {
  return {
    ...consensus.counters(agreement),
    ...counters,
    ...{ requestsWaiting: pending.size, forwardsWaiting: forwarded.size },
    ...{ sessions: machine.sessions.byId.size, keys: machine.values.size },
  };
}

/** What this node wrote as its own snapshot; anything else is damage that must not pass for a state. */
function snapshotOf(value: unknown): ConsensusSnapshot | undefined {
  if (value === undefined) return undefined;
  const { index, machine } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (!Number.isSafeInteger(index) || typeof machine !== 'string') {
    throw new Error(
      `expected a durable snapshot with an index and a machine, got ${JSON.stringify(value).slice(0, 80)}; ` +
        'the data folder is damaged or of another program',
    );
  }
  return value as ConsensusSnapshot;
}
