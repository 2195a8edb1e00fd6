import type { AppliedEntry, ConsensusSnapshot } from '../consensus.ts';
import { applyCommand, readKey, restoreSnapshot, takeSnapshot } from '../kv/index.ts';
import {
  type NamedCommand,
  isNamedCommand,
  isRepeatable,
  sameName,
  sizeOfRequest,
} from './command.ts';
import { lost } from './route.ts';
import { enqueue, settle, takeAll } from './settle.ts';
import type { Pending, Turn } from './state.ts';

/** Applies what the log holds at the next index, and answers whoever waits for that. */
export function apply<Inner, Message>(turn: Turn<Inner, Message>, entry: AppliedEntry): void {
  const { state } = turn;
  const { index, command } = entry;
  if (index !== state.appliedIndex + 1) {
    throw new Error(`expected the entry at index ${state.appliedIndex + 1} to apply, got ${index}`);
  }
  const named = isNamedCommand(command) ? command : undefined;
  const reply = named && applyCommand(state.machine, index, named.request);
  state.appliedIndex = index;
  state.sinceSnapshot.entries += 1;
  if (named !== undefined) state.sinceSnapshot.bytes += sizeOfRequest(named.request);
  for (const pending of takeAll(state.proposed, index)) {
    if (reply !== undefined && isOf(pending, named)) settle(turn, pending, reply);
    else lost(turn, pending);
  }
  for (const pending of takeAll(state.readable, index)) readNow(turn, pending);
}

function isOf({ stage }: Pending, command: NamedCommand | undefined): boolean {
  return command !== undefined && stage.kind === 'proposed' && sameName(stage.name, command);
}

/** Answers a read from the state as it is now; what it has to have seen is applied. */
export function readNow<Inner, Message>(turn: Turn<Inner, Message>, pending: Pending): void {
  if (pending.request.op !== 'get') return;
  settle(turn, pending, readKey(turn.state.machine, pending.request.key));
}

/**
 * Replaces the machine's state. Which command stood at an index that is passed over cannot be seen any
 * more: what was proposed there may have taken effect or not. A session's write can be sent again to
 * find out.
 */
export function restore<Inner, Message>(
  turn: Turn<Inner, Message>,
  snapshot: ConsensusSnapshot,
): void {
  const { state } = turn;
  if (snapshot.index < state.appliedIndex) {
    throw new Error(
      `expected a snapshot of index ${state.appliedIndex} or later, got one of ${snapshot.index}`,
    );
  }
  state.machine = restoreSnapshot(snapshot.machine);
  state.appliedIndex = snapshot.index;
  state.counters.snapshotsRestored += 1;
  countFromSnapshot(turn, snapshot.machine.length);
  for (const index of passedOver(state.proposed, snapshot.index)) {
    for (const pending of takeAll(state.proposed, index)) inDoubt(turn, pending);
  }
  for (const index of passedOver(state.readable, snapshot.index)) {
    for (const pending of takeAll(state.readable, index)) readNow(turn, pending);
  }
}

function passedOver(waiting: ReadonlyMap<number, unknown>, upTo: number): number[] {
  return [...waiting.keys()].filter((index) => index <= upTo);
}

function inDoubt<Inner, Message>(turn: Turn<Inner, Message>, pending: Pending): void {
  pending.unresolved = true;
  if (isRepeatable(pending.request) && pending.from.kind === 'client') {
    enqueue(turn.state, pending);
    turn.retry = true;
    return;
  }
  const reason = 'a snapshot took the place of the log where the command was proposed';
  settle(turn, pending, { kind: 'unknown', reason });
}

/** A snapshot costs as much as the state is large, so a large state has to be worth it. */
export function isSnapshotDue<Inner, Message>({ state }: Turn<Inner, Message>): boolean {
  const { entries, bytes, snapshotBytes } = state.sinceSnapshot;
  return entries >= state.settings.snapshotEntries || bytes > Math.max(leastBytes, snapshotBytes);
}

const leastBytes = 2 ** 25;

export function snapshotNow<Inner, Message>(
  turn: Turn<Inner, Message>,
): ConsensusSnapshot['machine'] {
  const bytes = takeSnapshot(turn.state.machine);
  turn.state.counters.snapshotsTaken += 1;
  countFromSnapshot(turn, bytes.length);
  return bytes;
}

function countFromSnapshot<Inner, Message>({ state }: Turn<Inner, Message>, bytes: number): void {
  Object.assign(state.sinceSnapshot, { entries: 0, bytes: 0, snapshotBytes: bytes });
}
