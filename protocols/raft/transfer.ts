import type { NodeId } from '../../core/node-id.ts';
import type { ConsensusSnapshot } from '../consensus.ts';
import { metaOf } from './records.ts';
import type { SnapshotReply } from './messages.ts';
import type { Progress } from './progress.ts';
import { type Turn, sendEarly } from './turn.ts';

/** The follower needs entries that the log no longer has (§7). */
export function beginTransfer(turn: Turn, progress: Progress, snapshot: ConsensusSnapshot): void {
  turn.state.counters.snapshotsSent += 1;
  progress.mode = 'snapshot';
  progress.probing = false;
  progress.inflight = [];
  progress.transfer = { snapshot, offset: 0, isOut: false };
}

/** One chunk at a time: the answer to it asks for the next. */
export function sendChunk(turn: Turn, to: NodeId, progress: Progress): void {
  const { transfer } = progress;
  if (transfer === undefined || transfer.isOut) return;
  const { config, term, counters } = turn.state;
  const { snapshot, offset } = transfer;
  const meta = metaOf(snapshot);
  const chunk = snapshot.machine.slice(offset, offset + config.snapshotChunk);
  counters.snapshotChunksSent += 1;
  transfer.isOut = true;
  progress.movedMs = turn.nowMs;
  sendEarly(turn, to, {
    ...{ kind: 'snapshot', term, index: snapshot.index },
    ...{ indexTerm: meta.term, configuration: meta.configuration },
    ...{ size: snapshot.machine.length, offset, chunk },
  });
}

/** The follower may have less than before: it keeps what has arrived in memory only. */
export function onSnapshotReply(turn: Turn, from: NodeId, reply: SnapshotReply): void {
  const progress = turn.state.leading?.progress[from];
  const transfer = progress?.transfer;
  if (progress === undefined || transfer?.snapshot.index !== reply.index) return;
  const { offset } = reply;
  if (offset === transfer.offset || offset >= transfer.snapshot.machine.length) return;
  transfer.offset = offset;
  transfer.isOut = false;
}
