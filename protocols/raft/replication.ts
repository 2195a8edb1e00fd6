import type { NodeId } from '../../core/node-id.ts';
import type { Command } from '../consensus.ts';
import { batchAt } from './batch.ts';
import type { Configuration } from './configuration.ts';
import { appendAt, lastIndexOf, lastIndexWithTermUpTo, termAt } from './log.ts';
import type { Append, AppendRefusal, AppendReply } from './messages.ts';
import { type Progress, acknowledge, probeFrom } from './progress.ts';
import { beginTransfer, sendChunk } from './transfer.ts';
import { type Turn, appended, reject, sendEarly } from './turn.ts';

/** Takes a client's command into the log, unless this node does not lead or is too far behind. */
export function onPropose(turn: Turn, id: number, command: Command): void {
  const { state } = turn;
  const { log, term, config } = state;
  if (state.leading?.handover !== undefined) reject(turn, id, 'not-leader');
  else if (state.leading === undefined) reject(turn, id, 'not-leader');
  else if (lastIndexOf(log) - state.commitIndex >= config.maxUncommitted) {
    reject(turn, id, 'overloaded');
  } else {
    state.counters.proposals += 1;
    state.leading.isPutOff = true;
    turn.early.push({ kind: 'proposed', id, index: appendOwn(turn, command), term });
  }
}

/** Returns the entry's index. */
export function appendOwn(turn: Turn, command: Command, configuration?: Configuration): number {
  const { log, term } = turn.state;
  const index = lastIndexOf(log) + 1;
  appendAt(log, index, [
    configuration === undefined ? { term, command } : { term, command, configuration },
  ]);
  appended(turn, index);
  return index;
}

/** Sends the follower what it may have now. */
export function replicate(turn: Turn, to: NodeId, progress: Progress): void {
  const { log, config } = turn.state;
  if (progress.mode === 'probe' && !progress.probing) {
    progress.probing = true;
    progress.movedMs = turn.nowMs;
    sendAppend(turn, to, progress);
  }
  while (
    progress.mode === 'replicate' &&
    progress.nextIndex <= lastIndexOf(log) &&
    progress.inflight.length < config.maxInflight
  ) {
    if (progress.inflight.length === 0) progress.movedMs = turn.nowMs;
    const sent = sendAppend(turn, to, progress);
    progress.nextIndex += sent;
    if (sent > 0) progress.inflight.push(progress.nextIndex - 1);
  }
  if (progress.mode === 'snapshot') sendChunk(turn, to, progress);
}

/**
 * Returns how many entries it sent. Appends leave before the leader's own disk has the entries
 * (dissertation §10.2.1): they only say what the leader of this term proposes.
 */
function sendAppend(turn: Turn, to: NodeId, progress: Progress): number {
  const { log, commitIndex, counters, snapshot } = turn.state;
  const previousIndex = progress.nextIndex - 1;
  const previousTerm = termAt(log, previousIndex);
  if (previousTerm === undefined && snapshot !== undefined) {
    beginTransfer(turn, progress, snapshot);
    return 0;
  }
  if (previousTerm === undefined) throw new Error(`expected entry ${previousIndex} or a snapshot`);
  const append =
    turn.append?.previousIndex === previousIndex
      ? turn.append
      : appendAfter(turn, previousIndex, previousTerm);
  turn.append = append;
  const { entries } = append;
  counters.appendsSent += 1;
  counters.entriesSent += entries.length;
  const known = Math.min(commitIndex, previousIndex + entries.length);
  progress.toldCommit = Math.max(progress.toldCommit, known);
  sendEarly(turn, to, append);
  return entries.length;
}

function appendAfter({ state }: Turn, previousIndex: number, previousTerm: number): Append {
  const { log, config, term, commitIndex } = state;
  const entries = batchAt(log, previousIndex + 1, config);
  return { kind: 'append', term, previousIndex, previousTerm, entries, commitIndex };
}

export function onAppendReply(turn: Turn, from: NodeId, reply: AppendReply): void {
  const { leading, log } = turn.state;
  const progress = leading?.progress[from];
  if (progress === undefined || reply.matchIndex > lastIndexOf(log)) return;
  acknowledge(progress, reply.matchIndex, turn.nowMs);
}

/**
 * Steps back past everything that cannot agree, a term at a time on both sides (§5.3, end), so that
 * logs far apart meet after a few messages and not after one for each entry.
 */
export function onAppendRefusal(turn: Turn, from: NodeId, refusal: AppendRefusal): void {
  const { leading, log } = turn.state;
  const progress = leading?.progress[from];
  if (progress === undefined || progress.mode === 'snapshot') return;
  const { previousIndex, hintIndex, hintTerm } = refusal;
  const isStale =
    previousIndex <= progress.matchIndex ||
    (progress.mode === 'probe' && previousIndex !== progress.nextIndex - 1);
  if (isStale) return;
  // Always at least one step back: what is behind the log's base needs a snapshot in the end.
  const nextIndex = Math.min(lastIndexWithTermUpTo(log, hintIndex, hintTerm) + 1, previousIndex);
  probeFrom(progress, nextIndex);
}
