import type { Invariant, Watch } from '../../core/invariant.ts';
import type { NodeId } from '../../core/node-id.ts';
import { sameData } from '../../core/same-data.ts';
import type { Command } from '../consensus.ts';
import { type Ballot, compareBallots, isSameBallot } from './ballot.ts';
import { oneConfigurationASlot } from './member-invariants.ts';
import { countedPromises } from './promise-invariants.ts';
import { type Entry, entryAt, lastSlot } from './slot-log.ts';
import type { PaxosState } from './state.ts';

type PaxosInvariant = Invariant<PaxosState>;

/** "Once a value has been chosen, it is the only one" (Paxos Made Simple §2.1, P2). */
export const oneChosenValue: PaxosInvariant = {
  name: 'one chosen value',
  summary: 'Only a single value is chosen for a slot (Paxos Made Simple §2.1).',
  watch() {
    const values: { readonly command: Command; readonly node: NodeId }[] = [];
    const seen = new Map<NodeId, { state: PaxosState; chosen: number }>();
    return {
      look(node, state) {
        const { log, chosen } = state;
        let before = seen.get(node);
        if (before?.state !== state) {
          before = { state, chosen: 0 };
          seen.set(node, before);
        }
        if (chosen < before.chosen) {
          return `${node} went back from ${before.chosen} chosen slots to ${chosen}`;
        }
        const from = Math.max(log.base, before.chosen) + 1;
        before.chosen = chosen;
        for (let slot = from; slot <= chosen; slot++) {
          const entry = entryAt(log, slot);
          if (entry === undefined) return `${node} knows slot ${slot} to be chosen, and not what`;
          const first = (values[slot] ??= { command: entry.command, node });
          if (sameData(first.command, entry.command)) continue;
          const [one, other] = [JSON.stringify(first.command), JSON.stringify(entry.command)];
          return `slot ${slot} is ${one} to ${first.node}, ${other} to ${node}`;
        }
        return null;
      },
    };
  },
};

/** In a ballot a proposer proposes one value a slot (Paxos Made Simple §2.2: numbers are unique). */
export const oneValueABallot: PaxosInvariant = {
  name: 'one value a ballot',
  summary: 'For a slot, one value is proposed in a ballot (Paxos Made Simple §2.2).',
  watch() {
    /** By slot, the few entries of different ballots that were seen there. */
    const known: Entry[][] = [];
    const check = (slot: number, entry: Entry): string | null => {
      const here = (known[slot] ??= []);
      const first = here.find(({ ballot }) => isSameBallot(ballot, entry.ballot));
      if (first === undefined) here.push(entry);
      else if (!sameData(first.command, entry.command)) {
        const [one, other] = [JSON.stringify(first.command), JSON.stringify(entry.command)];
        return `slot ${slot} in ballot ${nameOf(entry.ballot)} is ${one} and ${other}`;
      }
      return null;
    };
    return acceptedAnew(({ slot, entry }) => check(slot, entry));
  },
};

/**
 * Promises and, in each slot, acceptances only rise, and no acceptance is above the promise (Paxos Made
 * Simple §2.2: P1a, and phase 2b).
 */
export const keptPromises: PaxosInvariant = {
  name: 'kept promises',
  summary:
    "An acceptor's ballots only rise, and none is above its promise (Paxos Made Simple §2.2).",
  watch() {
    const promises = new Map<NodeId, { state: PaxosState; promised: Ballot }>();
    const accepted = acceptedAnew(({ slot, entry, before, state }) => {
      const { self: node, promised } = state;
      const { ballot } = entry;
      if (compareBallots(ballot, promised) > 0) {
        return `${node} accepted ${nameOf(ballot)} in slot ${slot} and promised ${nameOf(promised)}`;
      }
      if (before === undefined || compareBallots(before.ballot, ballot) <= 0) return null;
      return `${node} went back in slot ${slot} from ${nameOf(before.ballot)} to ${nameOf(ballot)}`;
    });
    return {
      look(node, state) {
        const { promised } = state;
        const before = promises.get(node);
        if (before?.state !== state) promises.set(node, { state, promised });
        else if (before.promised !== promised) {
          if (compareBallots(before.promised, promised) > 0) {
            return `${node} went back from its promise ${nameOf(before.promised)} to ${nameOf(promised)}`;
          }
          before.promised = promised;
        }
        return accepted.look(node, state);
      },
    };
  },
};

interface Accepted {
  readonly state: PaxosState;
  readonly slot: number;
  readonly entry: Entry;
  /** What the slot held when it was looked at before. */
  readonly before: Entry | undefined;
}

/** Looks at what a node has accepted since, in slots that it does not know to be chosen. */
function acceptedAnew(judge: (accepted: Accepted) => string | null): Watch<PaxosState> {
  const seen = new Map<NodeId, { state: PaxosState; entries: (Entry | undefined)[] }>();
  return {
    look(node, state) {
      let before = seen.get(node);
      if (before?.state !== state) {
        before = { state, entries: [] };
        seen.set(node, before);
      }
      const { entries } = before;
      // What is chosen no acceptor can spoil.
      for (let slot = state.chosen + 1; slot <= lastSlot(state.log); slot++) {
        const entry = entryAt(state.log, slot);
        const known = entries[slot];
        if (entry === known || entry === undefined) continue;
        entries[slot] = entry;
        const wrong = judge({ state, slot, entry, before: known });
        if (wrong !== null) return wrong;
      }
      return null;
    },
  };
}

function nameOf({ round, node }: Ballot): string {
  return `${round}/${node}`;
}

export const paxosInvariants: readonly PaxosInvariant[] = [
  oneChosenValue,
  oneValueABallot,
  keptPromises,
  countedPromises,
  oneConfigurationASlot,
];
