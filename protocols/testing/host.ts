import type { NodeId } from '../../core/node-id.ts';
import type {
  AppliedEntry,
  Consensus,
  ConsensusEffect,
  ConsensusInput,
  ConsensusSnapshot,
} from '../consensus.ts';
import type { Disk, DiskWrite } from './disk.ts';
import type { Machine } from './machine.ts';

/** What a running node does to its surroundings. */
export interface Outlets<Message> {
  nowMs(): number;
  send(to: NodeId, message: Message): void;
  /** There is something to sync. */
  wrote(effect: DiskWrite): void;
  applied(entry: AppliedEntry, appliedIndex: number): void;
  restored(snapshot: ConsensusSnapshot, appliedIndex: number): void;
  answered(answer: Answer): void;
  /** A step is over, and all its effects that may act now have acted. */
  stepped(input: string): void;
}

export type Answer = Extract<
  ConsensusEffect<unknown>,
  { readonly kind: 'proposed' | 'rejected' | 'readable' | 'administered' }
>;

export interface HostOptions<State, Message> {
  readonly consensus: Consensus<State, Message>;
  readonly state: State;
  readonly disk: Disk;
  readonly machine: Machine;
  /** Entries applied between compactions; 0 for never. */
  readonly compactEvery: number;
  /** What encoding and decoding leave of a value; keeps what is kept or sent apart from the state. */
  readonly copy: <T>(value: T) => T;
  readonly outlets: Outlets<Message>;
}

/** A node from its start to its crash: steps the protocol and obeys its effects. */
export interface Host<State, Message> {
  readonly state: State;
  input(input: ConsensusInput<Message>): void;
  /** The disk has made every write up to this number durable. */
  synced(number: number): void;
  /** Effects that wait for the disk. */
  waiting(): number;
}

interface Running<State, Message> extends HostOptions<State, Message> {
  readonly inbox: ConsensusInput<Message>[];
  delayed: { readonly after: number; readonly effect: ConsensusEffect<Message> }[];
  busy: boolean;
  compactedIndex: number;
}

/**
 * The effect rules of `core/protocol.ts`: in order, whatever follows a persist waits until that is
 * durable, in later steps too; only `early` sends may overtake.
 */
export function hostOf<State, Message>(options: HostOptions<State, Message>): Host<State, Message> {
  const compactedIndex = options.machine.appliedIndex;
  const running = { ...options, inbox: [], delayed: [], busy: false, compactedIndex };
  const host: Running<State, Message> = running;
  return {
    state: host.state,
    waiting: () => host.delayed.length,
    input(input) {
      host.inbox.push(input);
      drain(host);
    },
    synced(number) {
      host.disk.sync(number);
      const free = host.delayed.filter((each) => each.after <= number);
      host.delayed = host.delayed.filter((each) => each.after > number);
      for (const each of free) obey(host, each.effect);
      host.inbox.push({ kind: 'persisted', number });
      drain(host);
    },
  };
}

/** Inputs that come up during a step wait for its end. */
function drain<State, Message>(host: Running<State, Message>): void {
  if (host.busy) return;
  host.busy = true;
  for (let next = host.inbox.shift(); next !== undefined; next = host.inbox.shift()) {
    step(host, next);
  }
  host.busy = false;
}

function step<State, Message>(host: Running<State, Message>, input: ConsensusInput<Message>): void {
  const { consensus, state, disk, outlets } = host;
  for (const effect of consensus.step(state, input, outlets.nowMs())) {
    if (disk.synced === disk.written || mayOvertake(effect)) obey(host, effect);
    else host.delayed.push({ after: disk.written, effect });
  }
  compactWhenDue(host);
  outlets.stepped(input.kind);
}

function mayOvertake(effect: ConsensusEffect<unknown>): boolean {
  if (effect.kind === 'persist' || effect.kind === 'compact') return true;
  return effect.kind === 'send' && effect.early === true;
}

function obey<State, Message>(
  host: Running<State, Message>,
  effect: ConsensusEffect<Message>,
): void {
  const { machine, outlets } = host;
  switch (effect.kind) {
    case 'persist':
    case 'compact':
      host.disk.write(host.copy(effect));
      outlets.wrote(effect);
      return;
    case 'send':
      outlets.send(effect.to, effect.message);
      return;
    case 'apply':
      for (const entry of effect.entries) {
        outlets.applied(entry, machine.appliedIndex);
        machine.apply(entry);
      }
      return;
    case 'restore': {
      const before = machine.appliedIndex;
      machine.restore(effect.snapshot);
      host.compactedIndex = effect.snapshot.index;
      outlets.restored(effect.snapshot, before);
      return;
    }
    case 'proposed':
    case 'rejected':
    case 'readable':
    case 'administered':
      outlets.answered(effect);
  }
}

function compactWhenDue<State, Message>(host: Running<State, Message>): void {
  const { compactEvery, machine } = host;
  const index = machine.appliedIndex;
  if (compactEvery === 0 || index - host.compactedIndex < compactEvery) return;
  host.compactedIndex = index;
  host.inbox.push({ kind: 'compact', index, machine: machine.snapshot() });
}
