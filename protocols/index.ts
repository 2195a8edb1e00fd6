import type { Bug } from '../core/bug.ts';
import type { Protocol } from '../core/protocol.ts';
import type { Settings } from '../core/system.ts';
import type { ConsensusBug, ReplicaBug } from './bug.ts';
import type { Consensus } from './consensus.ts';
import { paxosBugs } from './paxos/bugs/index.ts';
import { paxos } from './paxos/paxos.ts';
import { raftBugs } from './raft/bugs/index.ts';
import { raft } from './raft/raft.ts';
import { answerBugs, duplicateSlot, sessionBugs, snapshotBugs } from './replica/bugs/index.ts';
import { replicate } from './replica/index.ts';

/** The stores that come with dtest, by name, as they should be. */
export const protocols = {
  raft: replicate(raft),
  paxos: replicate(paxos),
} as const;

export type StoreName = keyof typeof protocols;

/** A protocol whose state and messages are nobody's business. */
type AnyProtocol = Protocol<unknown, unknown>;

interface PlantedProtocol extends Bug {
  readonly protocol: () => AnyProtocol;
}

const planted: Readonly<Record<StoreName, readonly PlantedProtocol[]>> = {
  raft: planting(raft, raftBugs, [...answerBugs, ...snapshotBugs, ...sessionBugs]),
  paxos: planting(paxos, paxosBugs, [duplicateSlot, ...sessionBugs]),
};

/** The mistakes that can be planted in a store's own code by the setting `bug`. */
export const storeBugs: Readonly<Record<StoreName, readonly Bug[]>> = planted;

/**
 * What nodes run with their settings. Bugs of other parts, such as the disk's or the client's, are
 * planted there: to them this is the store as it should be.
 */
export const stores: Readonly<Record<StoreName, (settings: Settings) => AnyProtocol>> = {
  raft: (settings) => storeWith('raft', settings),
  paxos: (settings) => storeWith('paxos', settings),
};

function storeWith(name: StoreName, { bug }: Settings): AnyProtocol {
  return planted[name].find((each) => each.name === bug)?.protocol() ?? protocols[name];
}

function planting<State, Message>(
  consensus: Consensus<State, Message>,
  inAgreement: readonly ConsensusBug<State, Message>[],
  inStore: readonly ReplicaBug[],
): PlantedProtocol[] {
  return [
    ...inAgreement.map((bug) => ({ ...bug, protocol: () => replicate(bug.plant(consensus)) })),
    ...inStore.map((bug) => ({ ...bug, protocol: () => bug.plant(consensus) })),
  ];
}
