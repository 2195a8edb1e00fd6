import type { Invariant } from '../../core/invariant.ts';
import type { NodeId } from '../../core/node-id.ts';
import { sameData } from '../../core/same-data.ts';
import type { Command } from '../consensus.ts';
import type { KvMachine } from '../kv/index.ts';
import { type OnlyMembers, heldByMajority } from './held-by-majority.ts';
import type { ReplicaState } from './state.ts';

/** What an agreement's log holds at an index; undefined where it has nothing there, or not any more. */
export type EntryAt<Inner> = (
  agreement: Inner,
  index: number,
) => { readonly command: Command } | undefined;

/** What must hold of every replicated store, whatever it agrees by. */
export function replicaInvariants<Inner>(
  entryAt: EntryAt<Inner>,
  onlyMembers: OnlyMembers<Inner>,
): readonly Invariant<ReplicaState<Inner>>[] {
  return [oneCommand(entryAt), neverBack(), heldByMajority(entryAt, onlyMembers), convergence()];
}

/** Watches the agreement inside of a replica. */
export function insideReplica<Inner>(invariant: Invariant<Inner>): Invariant<ReplicaState<Inner>> {
  const { name, summary } = invariant;
  return {
    ...{ name, summary },
    watch() {
      const inner = invariant.watch();
      return {
        look: (node, { agreement }) => inner.look(node, agreement),
        atRest(states) {
          const inside = [...states].map(([node, { agreement }]) => [node, agreement] as const);
          return inner.atRest?.(new Map(inside)) ?? null;
        },
      };
    },
  };
}

/** A node's progress in one life, which its state's identity stands for. */
interface Progress {
  state: unknown;
  appliedIndex: number;
}

function oneCommand<Inner>(entryAt: EntryAt<Inner>): Invariant<ReplicaState<Inner>> {
  return {
    name: 'agreement',
    summary: 'No two replicas apply different commands at one index (Raft §5.4.3).',
    watch() {
      const commands: { readonly command: Command; readonly node: NodeId }[] = [];
      const seen = new Map<NodeId, Progress>();
      return {
        look(node, state) {
          const before = progressOf(seen, node, state);
          const from = before.appliedIndex + 1;
          before.appliedIndex = state.appliedIndex;
          for (let index = from; index <= state.appliedIndex; index++) {
            // What a snapshot stands for is compared when all is over.
            const entry = entryAt(state.agreement, index);
            if (entry === undefined) continue;
            const first = (commands[index] ??= { command: entry.command, node });
            if (sameData(first.command, entry.command)) continue;
            const [one, other] = [JSON.stringify(first.command), JSON.stringify(entry.command)];
            return `at index ${index} ${first.node} applied ${one}, ${node} ${other}`;
          }
          return null;
        },
      };
    },
  };
}

function neverBack<Inner>(): Invariant<ReplicaState<Inner>> {
  return {
    name: 'applied once',
    summary: 'A replica never goes back to before what it has applied.',
    watch() {
      const seen = new Map<NodeId, Progress>();
      return {
        look(node, state) {
          const before = progressOf(seen, node, state);
          const { appliedIndex } = before;
          before.appliedIndex = state.appliedIndex;
          if (state.appliedIndex >= appliedIndex) return null;
          return `${node} went back from index ${appliedIndex} to ${state.appliedIndex}`;
        },
      };
    },
  };
}

function convergence<Inner>(): Invariant<ReplicaState<Inner>> {
  return {
    name: 'convergence',
    summary: 'Replicas that have applied the same commands are in the same state.',
    watch: () => ({
      look: () => null,
      atRest(states) {
        const firsts = new Map<number, { readonly node: NodeId; readonly machine: KvMachine }>();
        for (const [node, { appliedIndex, machine }] of states) {
          const first = firsts.get(appliedIndex);
          if (first === undefined) firsts.set(appliedIndex, { node, machine });
          else {
            const difference = differenceOf(first.machine, machine);
            if (difference === null) continue;
            return `at index ${appliedIndex} ${first.node} and ${node} differ: ${difference}`;
          }
        }
        return null;
      },
    }),
  };
}

function progressOf<Inner>(
  seen: Map<NodeId, Progress>,
  node: NodeId,
  state: ReplicaState<Inner>,
): Progress {
  let progress = seen.get(node);
  if (progress?.state !== state) {
    progress = { state, appliedIndex: 0 };
    seen.set(node, progress);
  }
  return progress;
}

function differenceOf(one: KvMachine, other: KvMachine): string | null {
  for (const key of new Set([...one.values.keys(), ...other.values.keys()])) {
    const [here, there] = [one.values.get(key), other.values.get(key)];
    if (here !== there) {
      return `${key} is ${JSON.stringify(here ?? null)} and ${JSON.stringify(there ?? null)}`;
    }
  }
  // Their order is that of last use, by which the oldest is forgotten.
  const [here, there] = [one, other].map(({ sessions }) => [...sessions.byId]);
  return sameData(here, there) ? null : 'in what they know of the sessions of clients';
}
