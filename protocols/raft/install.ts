import type { NodeId } from '../../core/node-id.ts';
import type { ConsensusSnapshot } from '../consensus.ts';
import { configurationAt, forgetThrough, lastIndexOf, startAfter, termAt } from './log.ts';
import type { SnapshotChunk } from './messages.ts';
import type { SnapshotMeta } from './records.ts';
import type { IncomingSnapshot } from './state.ts';
import { type Turn, appended, send } from './turn.ts';

/** InstallSnapshot at a follower (§7): chunks are taken in order, and acted on when all are here. */
export function onSnapshotChunk(turn: Turn, from: NodeId, chunk: SnapshotChunk): void {
  const { state } = turn;
  const { term, index } = chunk;
  if (index <= state.commitIndex) {
    state.incoming = undefined;
    send(turn, from, { kind: 'append-reply', term, matchIndex: state.commitIndex });
    return;
  }
  const incoming = incomingFor(turn, chunk);
  if (chunk.offset === incoming.offset) {
    incoming.chunks.push(chunk.chunk);
    incoming.offset += chunk.chunk.length;
  }
  if (incoming.offset < incoming.size) {
    send(turn, from, { kind: 'snapshot-reply', term, index, offset: incoming.offset });
    return;
  }
  state.incoming = undefined;
  const machine = incoming.chunks.join('');
  const { indexTerm, configuration } = chunk;
  install(turn, { index, meta: { term: indexTerm, configuration }, machine });
  send(turn, from, { kind: 'append-reply', term, matchIndex: index });
}

function incomingFor({ state }: Turn, chunk: SnapshotChunk): IncomingSnapshot {
  const { incoming } = state;
  const { term, index, size } = chunk;
  if (incoming?.term === term && incoming.index === index && incoming.size === size)
    return incoming;
  const fresh = { term, index, size, offset: 0, chunks: [] };
  state.incoming = fresh;
  return fresh;
}

/** Entries behind the snapshot stay if the log agrees with it; else all of it goes (§7, rule 6). */
function install(turn: Turn, snapshot: ConsensusSnapshot & { meta: SnapshotMeta }): void {
  const { state } = turn;
  const { log } = state;
  const { index, meta } = snapshot;
  if (termAt(log, index) === meta.term) forgetThrough(log, index);
  else {
    startAfter(log, { index, ...meta });
    appended(turn, index + 1);
  }
  state.snapshot = snapshot;
  state.commitIndex = index;
  state.appliedIndex = index;
  state.counters.snapshotsInstalled += 1;
  turn.compaction = snapshot;
  turn.restores = true;
}

/** The state machine's state up to `index` is at hand, so the log up to there need not be (§7). */
export function onCompact(turn: Turn, index: number, machine: string): void {
  const { state } = turn;
  const { log, snapshot, config } = state;
  if (index <= (snapshot?.index ?? 0)) return;
  const term = termAt(log, index);
  if (index > state.appliedIndex || term === undefined) {
    const got = `${index} of ${state.appliedIndex} applied and ${lastIndexOf(log)} known`;
    throw new Error(`expected a snapshot of what is applied, got one up to ${got}`);
  }
  const meta: SnapshotMeta = { term, configuration: configurationAt(log, index) };
  state.snapshot = { index, meta, machine };
  state.counters.compactions += 1;
  turn.compaction = state.snapshot;
  forgetThrough(log, Math.max(log.baseIndex, index - config.keepEntries));
}
