import type { NodeId } from '../../core/node-id.ts';
import type { Command } from '../consensus.ts';

/**
 * Who votes is agreed on in the log itself. A reconfiguration that is chosen in slot s is in force from
 * slot s + α on, and nobody proposes in a slot more than α above those known to be chosen: so whoever
 * proposes in a slot knows its configuration (Lamport, Paxos Made Simple, §3; Lamport, Malkhi and Zhou,
 * Reconfiguring a State Machine, 2010, §3.1, where this is called Rα).
 */
export interface Reconfiguration {
  readonly kind: 'members';
  readonly members: readonly NodeId[];
}

/** The members that were chosen in a slot; slot 0 stands for those that the cluster began with. */
export interface ChosenMembers {
  readonly slot: number;
  readonly members: readonly NodeId[];
}

/** The configuration of every slot from `from` to the next one's. */
export interface Configuration extends ChosenMembers {
  readonly from: number;
  /** How many of the members are a majority. */
  readonly quorum: number;
}

/** The configurations that a node knows, in the order of their slots; what is over is forgotten. */
export interface Membership {
  configurations: readonly Configuration[];
  /** Every slot up to this one is chosen. */
  chosen: number;
}

/** No command of the state machine looks like this; the agreement keeps it to itself. */
export function isReconfiguration(command: Command): command is Reconfiguration {
  if (typeof command !== 'object' || command === null || !('kind' in command)) return false;
  const { kind, members } = command as Partial<Reconfiguration>;
  return kind === 'members' && areNames(members);
}

export function areNames(value: unknown): value is readonly NodeId[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > 1000) return false;
  return value.every((each) => typeof each === 'string');
}

export function configuration({ slot, members }: ChosenMembers, alpha: number): Configuration {
  const quorum = Math.floor(members.length / 2) + 1;
  return { slot, members, from: slot === 0 ? 1 : slot + alpha, quorum };
}

/** Takes note of a chosen command. To be told the same one twice does no harm. */
export function noteChosen(
  state: Membership,
  {
    slot,
    command,
    alpha,
  }: { readonly slot: number; readonly command: Command; readonly alpha: number },
): void {
  if (!isReconfiguration(command) || slot <= latest(state).slot) return;
  const { members } = command;
  state.configurations = [...state.configurations, configuration({ slot, members }, alpha)];
}

/** The configuration of a slot that is not forgotten, and at most α above the chosen ones. */
export function configurationAt({ configurations }: Membership, slot: number): Configuration {
  for (let at = configurations.length - 1; at >= 0; at--) {
    const found = configurations[at];
    if (found !== undefined && found.from <= slot) return found;
  }
  throw new Error(
    `expected a configuration for slot ${slot}, its own and older ones are forgotten`,
  );
}

/** The one that decides on the next slot. */
export function inForce(state: Membership): Configuration {
  return configurationAt(state, state.chosen + 1);
}

/** Those of all slots that are open and whose configuration is known. */
export function openConfigurations(state: Membership): readonly Configuration[] {
  const { configurations } = state;
  if (configurations.length === 1) return configurations;
  return configurations.slice(configurations.indexOf(inForce(state)));
}

export function latest({ configurations }: Membership): Configuration {
  const last = configurations.at(-1);
  if (last === undefined) throw new Error('expected a node to know some configuration');
  return last;
}

/** Acceptors that are no members do not count, whatever they say. */
export function isQuorum({ members, quorum }: Configuration, nodes: readonly NodeId[]): boolean {
  let count = 0;
  for (const node of nodes) if (members.includes(node)) count += 1;
  return count >= quorum;
}

/** Whether these are a quorum of each: what phase 1 needs, which is for all open slots at once. */
export function isQuorumOfAll(state: Membership, nodes: readonly NodeId[]): boolean {
  return openConfigurations(state).every((each) => isQuorum(each, nodes));
}

/** Whoever has a vote in an open slot. */
export function votersOf(state: Membership): readonly NodeId[] {
  const open = openConfigurations(state);
  const [only] = open;
  if (open.length === 1 && only !== undefined) return only.members;
  return [...new Set(open.flatMap(({ members }) => members))];
}

/** Forgets what no slot above this one needs. */
export function forgetConfigurations(state: Membership, slot: number): void {
  const { configurations } = state;
  const needed = configurations.indexOf(configurationAt(state, slot + 1));
  if (needed > 0) state.configurations = configurations.slice(needed);
}

/** What a snapshot of the slots up to this one has to carry. */
export function chosenMembers({ configurations }: Membership, through: number): ChosenMembers[] {
  return configurations
    .filter(({ slot }) => slot <= through)
    .map(({ slot, members }) => ({ slot, members }));
}

export function isSameSet(one: readonly NodeId[], other: readonly NodeId[]): boolean {
  return one.length === other.length && one.every((each) => other.includes(each));
}
