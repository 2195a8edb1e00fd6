import type { NodeId } from '../../core/node-id.ts';
import type {
  AppliedEntry,
  Consensus,
  ConsensusEffect,
  ConsensusInput,
  ConsensusSnapshot,
} from '../consensus.ts';
import type { Disk } from './disk.ts';
import type { Machine } from './machine.ts';

/** What a running node does to its surroundings. */
export interface Outlets<Message> {
  nowMs(): number;
  send(to: NodeId, message: Message): void;
  /** There is something to sync. */
  wrote(): void;
  applied(entry: AppliedEntry, appliedIndex: number): void;
  restored(snapshot: ConsensusSnapshot, appliedIndex: number): void;
  answered(answer: Answer): void;
  /** A step is over, and all its effects that may act now have acted. */
  stepped(input: string): void;
}

export type Answer = Extract<
  ConsensusEffect<unknown>,
  { readonly kind: 'proposed' | 'rejected' | 'readable' }
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

/**
 * The effect rules of `core/protocol.ts`: in order, whatever follows a persist waits until that is
 * durable, in later steps too; only `early` sends may overtake.
 */
export function hostOf<State, Message>(options: HostOptions<State, Message>): Host<State, Message> {
  const { consensus, state, disk, machine, copy, outlets } = options;
  const inbox: ConsensusInput<Message>[] = [];
  let busy = false;
  let delayed: { readonly after: number; readonly effect: ConsensusEffect<Message> }[] = [];
  let compactedIndex = machine.appliedIndex;

  const obey = (effect: ConsensusEffect<Message>): void => {
    switch (effect.kind) {
      case 'persist':
      case 'compact':
        disk.write(copy(effect));
        outlets.wrote();
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
        compactedIndex = effect.snapshot.index;
        outlets.restored(effect.snapshot, before);
        return;
      }
      case 'proposed':
      case 'rejected':
      case 'readable':
        outlets.answered(effect);
    }
  };

  const mayActNow = (effect: ConsensusEffect<Message>): boolean =>
    disk.synced === disk.written ||
    effect.kind === 'persist' ||
    effect.kind === 'compact' ||
    (effect.kind === 'send' && effect.early === true);

  const step = (input: ConsensusInput<Message>): void => {
    for (const effect of consensus.step(state, input, outlets.nowMs())) {
      if (mayActNow(effect)) obey(effect);
      else delayed.push({ after: disk.written, effect });
    }
    compactWhenDue();
    outlets.stepped(input.kind);
  };

  const compactWhenDue = (): void => {
    const index = machine.appliedIndex;
    if (options.compactEvery === 0 || index - compactedIndex < options.compactEvery) return;
    compactedIndex = index;
    inbox.push({ kind: 'compact', index, machine: machine.snapshot() });
  };

  const drain = (): void => {
    if (busy) return;
    busy = true;
    for (let next = inbox.shift(); next !== undefined; next = inbox.shift()) step(next);
    busy = false;
  };

  return {
    state,
    waiting: () => delayed.length,
    input(input) {
      inbox.push(input);
      drain();
    },
    synced(number) {
      disk.sync(number);
      const free = delayed.filter((each) => each.after <= number);
      delayed = delayed.filter((each) => each.after > number);
      for (const each of free) obey(each.effect);
      inbox.push({ kind: 'persisted', number });
      drain();
    },
  };
}
