import type { NodeId } from '../../../core/node-id.ts';
import type { ProtocolStatus } from '../../../core/protocol.ts';
import type { Command, Consensus, ConsensusEffect, ConsensusInput } from '../../consensus.ts';

/**
 * An agreement that does what a test tells it, for the moments that real ones reach only by luck. A
 * leader numbers its proposals and agrees on nothing by itself; whatever else happens, the test puts
 * into `next`, and it comes out of the next step.
 */
export interface FakeState {
  role: ProtocolStatus['role'];
  term: number;
  leader: NodeId | undefined;
  lastIndex: number;
  /** Reads: confirmed at this index at once, or held back. */
  readIndex: number | undefined;
  overloaded: boolean;
  next: ConsensusEffect<string>[];
  readonly proposals: { readonly id: number; readonly index: number; readonly command: Command }[];
  readonly inputs: ConsensusInput<string>[];
}

export const fakeConsensus: Consensus<FakeState, string> = {
  name: 'fake',
  init: ({ durable }) => ({
    role: 'follower',
    term: 0,
    leader: undefined,
    lastIndex: durable.snapshot?.index ?? 0,
    readIndex: undefined,
    overloaded: false,
    ...{ next: [], proposals: [], inputs: [] },
  }),
  step(state, input) {
    state.inputs.push(input);
    if (input.kind === 'propose') return [propose(state, input.id, input.command)];
    if (input.kind === 'read') return read(state, input.id);
    return state.next.splice(0);
  },
  wakeAt: () => Infinity,
  status: ({ role, term, leader, lastIndex }) => ({
    ...{ role, term, commitIndex: lastIndex, appliedIndex: lastIndex },
    ...(leader === undefined ? {} : { leader }),
  }),
  counters: () => ({ fakes: 1 }),
  isMessage: (value) => typeof value === 'string',
};

function propose(state: FakeState, id: number, command: Command): ConsensusEffect<string> {
  if (state.overloaded) return { kind: 'rejected', id, reason: 'overloaded' };
  if (state.role !== 'leader') return rejected(state, id);
  state.lastIndex += 1;
  state.proposals.push({ id, index: state.lastIndex, command });
  return { kind: 'proposed', id, index: state.lastIndex, term: state.term };
}

function read(state: FakeState, id: number): ConsensusEffect<string>[] {
  if (state.readIndex !== undefined) return [{ kind: 'readable', id, index: state.readIndex }];
  return state.role === 'leader' ? [] : [rejected(state, id)];
}

function rejected({ leader }: FakeState, id: number): ConsensusEffect<string> {
  const known = leader === undefined ? {} : { leader };
  return { kind: 'rejected', id, reason: 'not-leader', ...known };
}
