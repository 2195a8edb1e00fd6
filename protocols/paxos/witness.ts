import type { NodeId } from '../../core/node-id.ts';
import type { Command, Consensus } from '../consensus.ts';
import { InvariantViolation } from '../testing/violation.ts';
import { type Configuration, configurationAt, isQuorum, noteChosen } from './membership.ts';
import type { PaxosMessage } from './messages.ts';
import type { PaxosRecord } from './records.ts';
import type { PaxosState } from './state.ts';

type Paxos = Consensus<PaxosState, PaxosMessage>;

/** What all acceptors of one run have accepted, as their disks know it. */
interface Testimony {
  /** By slot and ballot: the value, and who has accepted it durably. */
  readonly votes: Map<string, { readonly value: string; readonly voters: NodeId[] }>;
  readonly values: Map<number, { readonly value: string; readonly command: Command }>;
  /** By state: writes that are not durable yet. */
  readonly pending: WeakMap<PaxosState, { number: number; writes: Write[] }>;
  /** Who decides on which slot; every slot up to `chosen` is chosen. */
  configurations: readonly Configuration[];
  chosen: number;
}

interface Write {
  readonly number: number;
  readonly records: readonly unknown[];
}

/**
 * Watches the acceptors of one run, whatever the proposers and learners make of it. A value is chosen
 * when a majority of the slot's own members has accepted it in one ballot (Paxos Made Simple §2.2), and
 * the witness throws as soon as a ballot has two values for a slot, a slot has two chosen values, or
 * something is accepted in a slot of which nobody can know who decides on it. For tests.
 */
export function witnessed(consensus: Paxos): Paxos {
  const testimony: Testimony = {
    ...{ votes: new Map(), values: new Map(), pending: new WeakMap() },
    ...{ configurations: [], chosen: 0 },
  };
  return {
    ...consensus,
    init(options) {
      const state = consensus.init(options);
      if (testimony.configurations.length === 0) testimony.configurations = state.configurations;
      testimony.pending.set(state, { number: 0, writes: [] });
      hear(testimony, state, options.durable.records);
      return state;
    },
    step(state, input, nowMs) {
      const pending = testimony.pending.get(state) ?? { number: 0, writes: [] };
      if (input.kind === 'persisted') {
        const durable = pending.writes.filter(({ number }) => number <= input.number);
        pending.writes = pending.writes.filter(({ number }) => number > input.number);
        for (const { records } of durable) hear(testimony, state, records);
      }
      const effects = consensus.step(state, input, nowMs);
      for (const effect of effects) {
        if (effect.kind !== 'persist' && effect.kind !== 'compact') continue;
        pending.number += 1;
        pending.writes.push({ number: pending.number, records: effect.records });
      }
      return effects;
    },
  };
}

function hear(testimony: Testimony, state: PaxosState, records: readonly unknown[]): void {
  for (const record of records as readonly PaxosRecord[]) {
    if (record.kind !== 'accept') continue;
    const ballot = `${record.ballot.round}/${record.ballot.node}`;
    record.commands.forEach((command, at) => {
      vote(testimony, state, { slot: record.from + at, ballot, command });
    });
  }
}

function vote(
  testimony: Testimony,
  { self, settings: { alpha } }: PaxosState,
  { slot, ballot, command }: { slot: number; ballot: string; command: Command },
): void {
  const { votes, values } = testimony;
  const value = JSON.stringify(command);
  const where = `slot ${slot} in ballot ${ballot}`;
  const cast = votes.get(where) ?? { value, voters: [] };
  if (cast.value !== value) {
    throw new InvariantViolation('one value a ballot', `${where} is ${cast.value} and ${value}`);
  }
  votes.set(where, cast);
  if (!cast.voters.includes(self)) cast.voters.push(self);
  if (slot > testimony.chosen + alpha) {
    const detail = `${self} accepted ${where}, where the members are not agreed on yet`;
    throw new InvariantViolation('window of proposals', detail);
  }
  if (!isQuorum(configurationAt(testimony, slot), cast.voters)) return;
  const before = values.get(slot)?.value ?? value;
  if (before !== value) {
    throw new InvariantViolation('one chosen value', `${where} is ${value}, ${before} was chosen`);
  }
  values.set(slot, { value, command });
  growPrefix(testimony, alpha);
}

function growPrefix(testimony: Testimony, alpha: number): void {
  for (;;) {
    const next = testimony.values.get(testimony.chosen + 1);
    if (next === undefined) return;
    testimony.chosen += 1;
    noteChosen(testimony, { slot: testimony.chosen, command: next.command, alpha });
  }
}
