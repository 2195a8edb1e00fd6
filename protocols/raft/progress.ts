import type { ConsensusSnapshot } from '../consensus.ts';

/**
 * What a leader knows of one follower.
 *
 * - `probe`: where the logs part is not known. One message at a time feels for it.
 * - `replicate`: the logs agree up to `matchIndex`. Entries flow ahead of acknowledgements, at most
 *   `maxInflight` messages of them.
 * - `snapshot`: the follower needs entries that are forgotten, and gets a snapshot, a chunk at a time.
 */
export interface Progress {
  mode: 'probe' | 'replicate' | 'snapshot';
  /** The follower is known to have the leader's log, durably, up to here. It never falls. */
  matchIndex: number;
  /** The next entry to send. In `replicate` it runs ahead of what is acknowledged. */
  nextIndex: number;
  /** In `probe`: a message is out, and its answer is awaited. */
  probing: boolean;
  /** In `replicate`: the last index of each message under way, oldest first. */
  inflight: number[];
  /** When the follower last moved on, or was sent something while nothing was under way. */
  movedMs: number;
  /** The highest commit index the follower has been told. */
  toldCommit: number;
  /** When a message of this term last came from it. */
  heardMs: number;
  /** The last heartbeat round that it has answered. */
  round: number;
  transfer: SnapshotTransfer | undefined;
}

/** A snapshot on its way. It stays the same one to the end, even if the leader compacts meanwhile. */
export interface SnapshotTransfer {
  readonly snapshot: ConsensusSnapshot;
  /** How much of it the follower has. */
  offset: number;
  /** A chunk is out, and its answer is awaited. */
  isOut: boolean;
}

/** At the start of a term: the logs probably agree, nothing is certain. */
export function freshProgress(nextIndex: number, nowMs: number): Progress {
  return {
    mode: 'probe',
    matchIndex: 0,
    nextIndex,
    probing: false,
    inflight: [],
    movedMs: nowMs,
    toldCommit: 0,
    heardMs: nowMs,
    round: 0,
    transfer: undefined,
  };
}

export function probeFrom(progress: Progress, nextIndex: number): void {
  progress.mode = 'probe';
  progress.nextIndex = Math.max(nextIndex, progress.matchIndex + 1);
  progress.probing = false;
  progress.inflight = [];
  progress.transfer = undefined;
}

/**
 * The follower is there (it answered a heartbeat). If it has not moved on since that moment, what was
 * under way is taken for lost and sent again.
 */
export function resume(progress: Progress, sinceMs: number): void {
  if (progress.movedMs > sinceMs) return;
  if (progress.transfer !== undefined) progress.transfer.isOut = false;
  else if (progress.probing || progress.inflight.length > 0) {
    const nextIndex = progress.mode === 'probe' ? progress.nextIndex : progress.matchIndex + 1;
    probeFrom(progress, nextIndex);
  }
}

/** The follower acknowledged everything up to this index; false if that was known. */
export function acknowledge(progress: Progress, matchIndex: number, nowMs: number): boolean {
  const isNews = matchIndex > progress.matchIndex;
  if (isNews) {
    progress.matchIndex = matchIndex;
    progress.movedMs = nowMs;
  }
  if (matchIndex < progress.matchIndex) return false;
  progress.nextIndex = Math.max(progress.nextIndex, matchIndex + 1);
  while ((progress.inflight[0] ?? Infinity) <= matchIndex) progress.inflight.shift();
  const waitsForSnapshot = matchIndex < (progress.transfer?.snapshot.index ?? 0);
  if (!waitsForSnapshot) {
    if (progress.mode === 'snapshot') progress.nextIndex = matchIndex + 1;
    progress.mode = 'replicate';
    progress.probing = false;
    progress.transfer = undefined;
  }
  return isNews;
}
