import type { Command } from '../consensus.ts';
import { type Ballot, higherBallot, isSameBallot } from './ballot.ts';
import type { BallotValue } from './messages.ts';
import { type SlotLog, entryAt, lastSlot, placeEntry } from './slot-log.ts';

/**
 * What an acceptor must remember through a crash (Paxos Made Simple §2.5, "stable storage"), one
 * record a change. `chosen` rides along, so that a restarted node knows most of its chosen prefix.
 */
export type PaxosRecord =
  | { readonly kind: 'promise'; readonly ballot: Ballot }
  /** Accepted from slot `from` on, which promises the ballot as well. */
  | {
      readonly kind: 'accept';
      readonly ballot: Ballot;
      readonly from: number;
      readonly commands: readonly Command[];
      readonly chosen: number;
    }
  /** Learned to be chosen, from slot `from` on, without gaps up to here. */
  | { readonly kind: 'learn'; readonly from: number; readonly values: readonly BallotValue[] };

/** The part of a node's state that its disk keeps. */
export interface DurableState {
  promised: Ballot;
  readonly log: SlotLog;
  /** Every slot up to this one is chosen, and its entry holds the chosen value. */
  chosen: number;
}

/** Does what the record says. Live changes and recovery both go through here. */
export function replay(state: DurableState, record: PaxosRecord): void {
  switch (record.kind) {
    case 'promise':
      state.promised = higherBallot(state.promised, record.ballot);
      return;
    case 'accept':
      acceptValues(state, record);
      return;
    case 'learn':
      learnValues(state, record);
      return;
    default:
      throw new Error(
        `expected a promise, an accept or a learn record, got ${JSON.stringify(record)}; ` +
          'the data directory may belong to another protocol',
      );
  }
}

/** Everything that must follow a snapshot up to the log's base. */
export function recordsOf({ promised, log, chosen }: DurableState): PaxosRecord[] {
  const records: PaxosRecord[] = [{ kind: 'promise', ballot: promised }];
  if (chosen > log.base) {
    const from = log.base + 1;
    records.push({ kind: 'learn', from, values: chosenValues(log, from, chosen) });
  }
  for (let slot = chosen + 1; slot <= lastSlot(log);) {
    const run = acceptedRun(log, slot);
    if (run.commands.length > 0) records.push({ kind: 'accept', ...run, from: slot, chosen });
    slot += Math.max(run.commands.length, 1);
  }
  return records;
}

/** The chosen values of slots that all have entries. */
export function chosenValues(log: SlotLog, from: number, through: number): BallotValue[] {
  const values: BallotValue[] = [];
  for (let slot = from; slot <= through; slot++) {
    const entry = entryAt(log, slot);
    if (entry === undefined) throw new Error(`expected chosen slot ${slot} to have an entry`);
    values.push([entry.ballot.round, entry.ballot.node, entry.command]);
  }
  return values;
}

function acceptValues(
  state: DurableState,
  { ballot, from, commands, chosen }: PaxosRecord & { readonly kind: 'accept' },
): void {
  state.promised = higherBallot(state.promised, ballot);
  state.chosen = Math.max(state.chosen, chosen);
  let slot = from;
  for (const command of commands) {
    // A chosen slot holds its value already, and may be compacted away.
    if (slot > state.chosen) placeEntry(state.log, slot, { ballot, command });
    slot += 1;
  }
}

/**
 * The value was chosen at or below the ballot it comes with, so an own acceptance in a higher ballot
 * is of the same value, and keeping the higher ballot keeps what other acceptors may rely on.
 */
function learnValues(
  state: DurableState,
  { from, values }: PaxosRecord & { readonly kind: 'learn' },
): void {
  let slot = from;
  for (const [round, node, command] of values) {
    if (slot > state.chosen) {
      const own = entryAt(state.log, slot);
      const told: Ballot = { round, node };
      const ballot = own === undefined ? told : higherBallot(own.ballot, told);
      placeEntry(state.log, slot, { ballot, command });
      state.chosen = slot;
    }
    slot += 1;
  }
}

/** Consecutive slots from here on that were accepted in one ballot; no commands when there is a gap. */
function acceptedRun(log: SlotLog, from: number): { ballot: Ballot; commands: Command[] } {
  const commands: Command[] = [];
  const ballot = entryAt(log, from)?.ballot;
  if (ballot === undefined) return { ballot: { round: 0, node: '' }, commands };
  for (let slot = from; ; slot++) {
    const entry = entryAt(log, slot);
    if (entry === undefined || !isSameBallot(entry.ballot, ballot)) return { ballot, commands };
    commands.push(entry.command);
  }
}
