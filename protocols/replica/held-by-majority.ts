import type { Invariant } from '../../core/invariant.ts';
import type { NodeId } from '../../core/node-id.ts';
import { sameData } from '../../core/same-data.ts';
import type { Command } from '../consensus.ts';
import type { EntryAt } from './invariants.ts';
import type { ReplicaState } from './state.ts';

/** Who votes, where the agreement knows of nobody who did before or will; null where it does. */
export type OnlyMembers<Inner> = (agreement: Inner) => readonly NodeId[] | null;

/**
 * What is agreed on is on the disks of a majority, and so is there after any crash: a later leader hears
 * of it from one of them (Raft §5.4.1; Paxos Made Simple §2.1, P2). That shows when a node starts anew,
 * with nothing but what its disk has kept. Once members have changed, it is others who may hold it.
 */
export function heldByMajority<Inner>(
  entryAt: EntryAt<Inner>,
  onlyMembers: OnlyMembers<Inner>,
): Invariant<ReplicaState<Inner>> {
  return {
    name: 'held by a majority',
    summary: 'What was applied anywhere is kept by a majority, through crashes (Raft §5.4.1).',
    watch() {
      /** By index, as they were applied. */
      const commands: (Applied | undefined)[] = [];
      /** Of a node that is down, the last of its life before: no less than its disk has. */
      const states = new Map<NodeId, Seen<Inner>>();
      let haveMembersChanged = false;
      return {
        look(node, state) {
          const members = onlyMembers(state.agreement);
          haveMembersChanged ||= members === null;
          if (members === null || haveMembersChanged) return null;
          const before = states.get(node);
          const isNewLife = before !== undefined && before.state !== state;
          const seen = before?.state === state ? before : { state, appliedIndex: 0 };
          if (seen !== before) states.set(node, seen);
          const least = Math.floor(members.length / 2) + 1;
          const lost = isNewLife ? lostBy(state, { commands, states, entryAt, least }) : null;
          for (let index = seen.appliedIndex + 1; index <= state.appliedIndex; index++) {
            const entry = entryAt(state.agreement, index);
            if (entry !== undefined) commands[index] ??= { command: entry.command };
          }
          seen.appliedIndex = state.appliedIndex;
          return lost === null ? null : `${node} started anew, and ${lost}`;
        },
      };
    },
  };
}

interface Applied {
  readonly command: Command;
}

interface Seen<Inner> {
  readonly state: ReplicaState<Inner>;
  appliedIndex: number;
}

interface Known<Inner> {
  readonly commands: readonly (Applied | undefined)[];
  readonly states: ReadonlyMap<NodeId, Seen<Inner>>;
  readonly entryAt: EntryAt<Inner>;
  /** How many are a majority. */
  readonly least: number;
}

/** Looks for something that was applied, is not here, and is not with enough others. */
function lostBy<Inner>(
  here: ReplicaState<Inner>,
  { commands, states, entryAt, least }: Known<Inner>,
): string | null {
  const holds = (state: ReplicaState<Inner>, index: number, { command }: Applied): boolean => {
    if (index <= state.appliedIndex) return true;
    const entry = entryAt(state.agreement, index);
    return entry !== undefined && sameData(entry.command, command);
  };
  for (let index = here.appliedIndex + 1; index < commands.length; index++) {
    const applied = commands[index];
    if (applied === undefined || holds(here, index, applied)) continue;
    const keepers = [...states].filter(([, { state }]) => holds(state, index, applied));
    if (keepers.length >= least) continue;
    const names = keepers.map(([id]) => id).join(', ');
    return `what was applied at index ${index} is kept by ${names === '' ? 'nobody' : names} only`;
  }
  return null;
}
