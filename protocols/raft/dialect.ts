import type { Dialect } from '../testing/stage.ts';
import type { Configuration } from './configuration.ts';
import { type Entry, configurationOf, lastIndexOf } from './log.ts';
import type { RaftMessage } from './messages.ts';
import type { RaftRecord } from './records.ts';
import { raft } from './raft.ts';
import type { RaftState } from './state.ts';

/** How Raft reads in transcripts. Entries are written `index/term command`. */
export const raftDialect: Dialect<RaftState, RaftMessage> = {
  consensus: raft,
  message: messageText,
  record: (record) => recordText(record as RaftRecord),
  state: stateText,
};

function messageText(message: RaftMessage): string {
  const { kind, term } = message;
  switch (message.kind) {
    case 'pre-vote':
    case 'vote': {
      const why = message.kind === 'vote' && message.handover ? ' in a handover' : '';
      return `${kind} t${term} log=${message.lastIndex}/${message.lastTerm}${why}`;
    }
    case 'timeout-now':
      return `timeout-now t${term}`;
    case 'pre-vote-reply':
    case 'vote-reply':
      return `${kind} t${term} ${message.granted ? 'granted' : 'refused'}`;
    case 'append': {
      const { previousIndex, previousTerm, entries, commitIndex } = message;
      const texts = entriesText(previousIndex + 1, entries);
      return `append t${term} after ${previousIndex}/${previousTerm} [${texts}] commit=${commitIndex}`;
    }
    case 'append-reply':
      return `append-reply t${term} match=${message.matchIndex}`;
    case 'append-refusal': {
      const { previousIndex, hintIndex, hintTerm } = message;
      return `append-refusal t${term} of ${previousIndex}, hint=${hintIndex}/${hintTerm}`;
    }
    case 'commit':
      return `commit t${term} ${message.index}`;
    case 'heartbeat':
      return `heartbeat t${term} round=${message.round} commit=${message.commitIndex}`;
    case 'heartbeat-reply':
      return `heartbeat-reply t${term} round=${message.round}`;
    case 'snapshot': {
      const { index, indexTerm, offset, chunk, size } = message;
      const range = `${offset}+${chunk.length} of ${size}`;
      return `snapshot t${term} ${index}/${indexTerm} ${range}`;
    }
    case 'snapshot-reply':
      return `snapshot-reply t${term} ${message.index} has=${message.offset}`;
  }
}

function recordText(record: RaftRecord): string {
  if (record.kind === 'hard') return `t${record.term} vote=${record.vote ?? 'none'}`;
  return `[${entriesText(record.index, record.entries)}]`;
}

function stateText(state: RaftState): string[] {
  const { role, term, vote, leader, log, commitIndex, leading } = state;
  const lines = [
    `${role} t${term} vote=${vote ?? 'none'} leader=${leader ?? 'none'} commit=${commitIndex}`,
    `  log ${log.baseIndex}/${log.baseTerm} [${entriesText(log.baseIndex + 1, log.entries)}]`,
  ];
  for (const [peer, { mode, matchIndex, nextIndex }] of Object.entries(leading?.progress ?? {})) {
    lines.push(`  ${peer} ${mode} match=${matchIndex} next=${nextIndex}`);
  }
  const { index, configuration } = configurationOf(log);
  const isAll = configuration.members.length === state.peers.length + 1;
  if (index > log.baseIndex || !isAll) {
    lines.push(`  members of ${index}: ${configurationText(configuration)}`);
  }
  const last = lastIndexOf(log);
  if (state.disk.durableIndex < last) lines.push(`  durable to ${state.disk.durableIndex}`);
  return lines;
}

function entriesText(first: number, entries: readonly Entry[]): string {
  return entries.map((entry, at) => `${first + at}/${entry.term} ${entryText(entry)}`).join(', ');
}

function entryText({ command, configuration }: Entry): string {
  return configuration === undefined ? commandText(command) : configurationText(configuration);
}

/** `{n1 n2 n3}`, and in the joint phase `{n1 n2 n3}+{n3 n4 n5}`. */
function configurationText({ members, former }: Configuration): string {
  const halves = former === undefined ? [members] : [former, members];
  return halves.map((half) => `{${half.join(' ')}}`).join('+');
}

function commandText(command: unknown): string {
  if (command === null) return '-';
  return typeof command === 'string' ? command : JSON.stringify(command);
}
