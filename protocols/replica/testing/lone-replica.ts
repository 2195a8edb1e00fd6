import type { NodeId } from '../../../core/node-id.ts';
import type { Durable, Effect, Reply, Request } from '../../../core/protocol.ts';
import type { Command, ConsensusEffect } from '../../consensus.ts';
import { type Forward, type Forwarded, type ReplicaMessage, replicate } from '../index.ts';
import type { ReplicaState } from '../state.ts';
import { type FakeState, fakeConsensus } from './fake-consensus.ts';

/** Node n1 of n1, n2 and n3, on the fake agreement; the test is everything around it. */
export interface LoneReplica {
  readonly state: ReplicaState<FakeState>;
  nowMs: number;
  /** Every effect so far, in order. */
  readonly effects: Effect<ReplicaMessage<string>>[];
  readonly replies: ReadonlyMap<number, Reply>;
  /** Requests passed on to other nodes so far. */
  readonly forwards: readonly (Forward & { readonly to: NodeId })[];
  readonly answers: readonly (Forwarded & { readonly to: NodeId })[];
  request(id: number, request: Request): void;
  cancel(id: number): void;
  tick(afterMs?: number): void;
  hear(from: NodeId, message: ReplicaMessage<string>): void;
  /** The agreement does this, in its next step, which is now. */
  happens(...effects: ConsensusEffect<string>[]): void;
  /** Some node leads from now on. */
  leads(leader: NodeId | undefined, term: number): void;
  /** Agrees on these at the next indexes. */
  apply(...commands: Command[]): void;
  /** The command of the latest proposal. */
  proposed(): Command;
  wakeAt(): number;
}

export interface LoneOptions {
  readonly settings?: Readonly<Record<string, string>>;
  readonly durable?: Durable;
  readonly seed?: number;
}

export const fakeReplica = replicate(fakeConsensus);

export function loneReplica(options: LoneOptions = {}): LoneReplica {
  const { settings = {}, durable = { records: [] }, seed = 1 } = options;
  const nodes = ['n1', 'n2', 'n3'];
  const state = fakeReplica.init({ self: 'n1', nodes, durable, seed, nowMs: 0, settings });
  const effects: Effect<ReplicaMessage<string>>[] = [];
  const input = (each: Parameters<typeof fakeReplica.step>[1]): void => {
    effects.push(...fakeReplica.step(state, each, lone.nowMs));
    // The end of the turn.
    if (fakeReplica.wakeAt(state) !== -Infinity) return;
    effects.push(...fakeReplica.step(state, { kind: 'tick' }, lone.nowMs));
  };
  const lone: LoneReplica = {
    ...{ state, nowMs: 0, effects },
    get replies() {
      return repliesIn(effects);
    },
    get forwards() {
      return sentIn(effects, 'forward');
    },
    get answers() {
      return sentIn(effects, 'forwarded');
    },
    request: (id, request) => input({ kind: 'request', id, request }),
    cancel: (id) => input({ kind: 'cancel', id }),
    tick(afterMs = 0) {
      lone.nowMs += afterMs;
      input({ kind: 'tick' });
    },
    hear: (from, message) => input({ kind: 'message', from, message }),
    happens(...next) {
      state.agreement.next = next;
      input({ kind: 'persisted', number: 1 });
    },
    leads(leader, term) {
      const role = leader === 'n1' ? 'leader' : 'follower';
      Object.assign(state.agreement, { role, leader, term });
      input({ kind: 'persisted', number: 1 });
    },
    apply(...commands) {
      const entries = commands.map((command, at) => ({
        ...{ index: state.appliedIndex + 1 + at, term: state.agreement.term, command },
      }));
      lone.happens({ kind: 'apply', entries });
    },
    proposed: () => state.agreement.proposals.at(-1)?.command,
    wakeAt: () => fakeReplica.wakeAt(state),
  };
  return lone;
}

function repliesIn(effects: readonly Effect<ReplicaMessage<string>>[]): Map<number, Reply> {
  const replies = new Map<number, Reply>();
  for (const effect of effects) {
    if (effect.kind !== 'reply') continue;
    if (replies.has(effect.id)) throw new Error(`expected one reply to ${effect.id}, got two`);
    replies.set(effect.id, effect.reply);
  }
  return replies;
}

function sentIn<Kind extends 'forward' | 'forwarded'>(
  effects: readonly Effect<ReplicaMessage<string>>[],
  kind: Kind,
): (Extract<ReplicaMessage<string>, { readonly kind: Kind }> & { readonly to: NodeId })[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== 'send') return [];
    type Wanted = Extract<ReplicaMessage<string>, { readonly kind: Kind }>;
    const { to, message } = effect;
    const all = message.kind === 'bundle' ? message.messages : [message];
    return all.flatMap((each) => (each.kind === kind ? [{ ...(each as Wanted), to }] : []));
  });
}
