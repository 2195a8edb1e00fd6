import type { NodeId } from '../../core/node-id.ts';
import type { Command, Consensus } from '../consensus.ts';
import { InvariantViolation } from '../testing/violation.ts';
import type { PaxosMessage } from './messages.ts';
import type { PaxosRecord } from './records.ts';
import type { PaxosState } from './state.ts';

type Paxos = Consensus<PaxosState, PaxosMessage>;

/** What all acceptors of one run have accepted, as their disks know it. */
interface Testimony {
  /** By slot and ballot: the value, and who has accepted it durably. */
  readonly votes: Map<string, { readonly value: string; readonly voters: Set<NodeId> }>;
  readonly chosen: Map<number, string>;
  /** By state: writes that are not durable yet. */
  readonly pending: WeakMap<PaxosState, { number: number; writes: Write[] }>;
}

interface Write {
  readonly number: number;
  readonly records: readonly unknown[];
}

/**
 * Watches the acceptors of one run, whatever the proposers and learners make of it. A value is chosen
 * when a majority has accepted it in one ballot (Paxos Made Simple §2.2), and the witness throws as
 * soon as a ballot has two values for a slot, or a slot has two chosen values. For tests.
 */
export function witnessed(consensus: Paxos): Paxos {
  const testimony: Testimony = { votes: new Map(), chosen: new Map(), pending: new WeakMap() };
  return {
    ...consensus,
    init(options) {
      const state = consensus.init(options);
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
  { votes, chosen }: Testimony,
  { self, peers }: PaxosState,
  { slot, ballot, command }: { slot: number; ballot: string; command: Command },
): void {
  const value = JSON.stringify(command);
  const where = `slot ${slot} in ballot ${ballot}`;
  const cast = votes.get(where) ?? { value, voters: new Set() };
  if (cast.value !== value) {
    throw new InvariantViolation('one value a ballot', `${where} is ${cast.value} and ${value}`);
  }
  votes.set(where, cast);
  cast.voters.add(self);
  if (2 * cast.voters.size <= peers.length + 1) return;
  const before = chosen.get(slot) ?? value;
  if (before !== value) {
    throw new InvariantViolation('one chosen value', `${where} is ${value}, ${before} was chosen`);
  }
  chosen.set(slot, value);
}
