/** What a node did since it started. */
export interface Counters {
  preVotes: number;
  elections: number;
  electionsWon: number;
  stepDowns: number;
  messagesSent: number;
  messagesReceived: number;
  /** Messages of earlier terms, from strangers, or that nothing sensible could be done with. */
  messagesIgnored: number;
  proposals: number;
  appendsSent: number;
  entriesSent: number;
  entriesAppended: number;
  /** Times a follower had to cut off entries that conflicted with its leader's (§5.3). */
  truncations: number;
  appendsRefused: number;
  heartbeatsSent: number;
  snapshotsSent: number;
  snapshotChunksSent: number;
  snapshotsInstalled: number;
  compactions: number;
  reads: number;
  leaseReads: number;
  localReads: number;
  /** Heartbeat rounds begun for the sake of reads. */
  readRounds: number;
  rejected: number;
  /** Changes of members that this node, leading, brought to their end. */
  memberChanges: number;
  /** Times this node, leading, told another to take over. */
  handovers: number;
}

export function zeroCounters(): Counters {
  return {
    ...{ preVotes: 0, elections: 0, electionsWon: 0, stepDowns: 0 },
    ...{ messagesSent: 0, messagesReceived: 0, messagesIgnored: 0, proposals: 0 },
    ...{ appendsSent: 0, entriesSent: 0, entriesAppended: 0, truncations: 0, appendsRefused: 0 },
    ...{ heartbeatsSent: 0, snapshotsSent: 0, snapshotChunksSent: 0, snapshotsInstalled: 0 },
    ...{ compactions: 0, reads: 0, leaseReads: 0, localReads: 0, readRounds: 0, rejected: 0 },
    ...{ memberChanges: 0, handovers: 0 },
  };
}
