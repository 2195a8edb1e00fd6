import type { Command } from '../consensus.ts';
import { compareBallots } from './ballot.ts';
import { type SlotLog, entryAt } from './slot-log.ts';
import type { PaxosState } from './state.ts';

/** The value of the highest ballot among the promises, the own one included (P2c in §2.2). */
export function recoveredValue(state: PaxosState, reports: SlotLog, slot: number): Command {
  const own = entryAt(state.log, slot);
  const told = entryAt(reports, slot);
  if (own === undefined && told === undefined) {
    state.counters.noops += 1;
    return null;
  }
  state.counters.recovered += 1;
  if (own === undefined || told === undefined) return (own ?? told)?.command;
  return compareBallots(own.ballot, told.ballot) >= 0 ? own.command : told.command;
}
