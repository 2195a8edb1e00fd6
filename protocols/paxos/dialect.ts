import type { Command } from '../consensus.ts';
import type { Dialect } from '../testing/stage.ts';
import type { Ballot } from './ballot.ts';
import { isReconfiguration } from './membership.ts';
import type { PaxosMessage } from './messages.ts';
import type { Paxos } from './bugs/index.ts';
import type { PaxosRecord } from './records.ts';
import type { PaxosState } from './state.ts';

/** How Paxos reads in a transcript: ballots as `round.node`, slots as `slot:value@ballot`. */
export function dialectOf(consensus: Paxos): Dialect<PaxosState, PaxosMessage> {
  return {
    consensus,
    message: messageText,
    record: (record) => recordText(record as PaxosRecord),
    state: (state) => [stateText(state), ...logText(state)],
  };
}

function messageText(message: PaxosMessage): string {
  switch (message.kind) {
    case 'probe':
      return `probe ${ballotText(message.ballot)} from ${message.from}`;
    case 'probed': {
      const answer = message.granted ? 'granted' : 'refused';
      return `probed ${answer}, promised ${ballotText(message.promised)}`;
    }
    case 'behind':
      return `behind, chosen to ${message.chosen}`;
    case 'prepare':
      return `prepare ${ballotText(message.ballot)} from ${message.from}${message.released.round === 0 ? '' : `, in place of ${ballotText(message.released)}`}`;
    case 'promise': {
      const reports = message.reports.map(([slot, round, node, command]) =>
        valueText(slot, command, { round, node }),
      );
      const more =
        message.next === 0 ? '' : `, ${message.goesOn ? 'goes on' : 'more'} from ${message.next}`;
      return `promise ${ballotText(message.ballot)} [${reports.join(' ')}]${more}`;
    }
    case 'accept': {
      const { ballot, from, commands, chosen } = message;
      return `accept ${valuesText(from, commands, ballot)}, chosen to ${chosen}`;
    }
    case 'accepted':
      return `accepted ${message.from}@${ballotText(message.ballot)}`;
    case 'reject':
      return `reject ${ballotText(message.ballot)}, promised ${ballotText(message.promised)}`;
    case 'heartbeat':
      return `heartbeat ${ballotText(message.ballot)} #${message.round}, chosen to ${message.chosen}`;
    case 'heard':
      return `heard #${message.round}`;
    case 'take-over':
      return `take over from ${ballotText(message.ballot)}, chosen to ${message.chosen}`;
    case 'knows':
      return `knows ${message.chosen} to be chosen`;
    case 'catch-up':
      return `catch-up from ${message.from}${message.index === 0 ? '' : `, snapshot ${message.index} at ${message.offset}`}`;
    case 'chosen':
      return `chosen ${message.values.map(([round, node, command], at) => valueText(message.from + at, command, { round, node })).join(' ')}`;
    case 'snapshot':
      return `snapshot ${message.index} at ${message.offset} of ${message.total}: ${message.bytes}`;
  }
}

function recordText(record: PaxosRecord): string {
  switch (record.kind) {
    case 'promise':
      return `promise ${ballotText(record.ballot)}`;
    case 'accept':
      return `accept ${valuesText(record.from, record.commands, record.ballot)}`;
    case 'learn':
      return `learn ${record.values.map(([round, node, command], at) => valueText(record.from + at, command, { round, node })).join(' ')}`;
  }
}

function stateText({ role, promised, chosen, leader, log, configurations }: PaxosState): string {
  const follows = role.kind === 'following' ? ` ${leader ?? 'nobody'}` : '';
  const base = log.base === 0 ? '' : `, compacted to ${log.base}`;
  const members = configurations
    .filter(({ slot }) => slot > 0)
    .map(({ from, members }) => `, members ${members.join(',')} from ${from}`);
  return `${role.kind}${follows}, promised ${ballotText(promised)}, chosen to ${chosen}${base}${members.join('')}`;
}

function logText({ log }: PaxosState): string[] {
  const slots = log.entries.map((entry, at) =>
    entry === undefined
      ? `${log.base + 1 + at}:-`
      : valueText(log.base + 1 + at, entry.command, entry.ballot),
  );
  return slots.length === 0 ? [] : [`log ${slots.join(' ')}`];
}

function valuesText(from: number, commands: readonly Command[], ballot: Ballot): string {
  return commands.map((command, at) => valueText(from + at, command, ballot)).join(' ');
}

function valueText(slot: number, command: Command, ballot: Ballot): string {
  return `${slot}:${commandText(command)}@${ballotText(ballot)}`;
}

function commandText(command: Command): string {
  if (isReconfiguration(command)) return `members(${command.members.join(',')})`;
  return typeof command === 'string' ? command : 'no-op';
}

function ballotText({ round, node }: Ballot): string {
  return round === 0 ? '0' : `${round}.${node}`;
}
