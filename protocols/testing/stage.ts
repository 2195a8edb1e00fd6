import { type NodeId, nodeIds } from '../../core/node-id.ts';
import type { Consensus, ConsensusInput } from '../consensus.ts';
import { type Disk, type DiskWrite, diskOf } from './disk.ts';
import { type Answer, type Host, type Outlets, hostOf } from './host.ts';
import { type Machine, machine } from './machine.ts';

/** How a protocol's things read in a transcript. */
export interface Dialect<State, Message> {
  readonly consensus: Consensus<State, Message>;
  message(message: Message): string;
  record(record: unknown): string;
  /** A few lines about a node. */
  state(state: State): readonly string[];
}

export interface Envelope<Message> {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: Message;
}

interface Actor<State, Message> {
  readonly disk: Disk;
  machine: Machine;
  host: Host<State, Message> | undefined;
}

/**
 * A cluster whose every move is a command: nothing is delivered, synced or ticked by itself. What
 * happens is written to `lines`.
 */
export interface Stage<State, Message> {
  readonly ids: readonly NodeId[];
  /** Messages on their way, oldest first. */
  readonly mail: readonly Envelope<Message>[];
  say(line: string): void;
  /** What happened since it was last asked for. */
  takeLines(): readonly string[];
  state(id: NodeId): State;
  isUp(id: NodeId): boolean;
  input(id: NodeId, input: ConsensusInput<Message>): void;
  /** Lets the common clock go on to the moment the node waits for, and ticks it alone. */
  tick(id: NodeId): void;
  wait(durationMs: number): void;
  /** Takes a message out of the mail, and hands it over if asked to. */
  take(envelope: Envelope<Message>, deliver: boolean): void;
  /** Puts another copy of a message into the mail. */
  copy(envelope: Envelope<Message>): void;
  /** Makes everything written durable; false when everything was. */
  sync(id: NodeId): boolean;
  crash(id: NodeId, keepRecords: number): void;
  start(id: NodeId): void;
  compact(id: NodeId): void;
}

interface Play<State, Message> {
  readonly dialect: Dialect<State, Message>;
  readonly settings: Readonly<Record<string, string>>;
  readonly ids: readonly NodeId[];
  readonly actors: Map<NodeId, Actor<State, Message>>;
  readonly lines: string[];
  readonly mail: Envelope<Message>[];
  nowMs: number;
}

export function stageOf<State, Message>(
  dialect: Dialect<State, Message>,
  nodes: number,
  settings: Readonly<Record<string, string>>,
): Stage<State, Message> {
  const ids = nodeIds(nodes);
  const actors = new Map<NodeId, Actor<State, Message>>();
  const play = { dialect, settings, ids, actors, lines: [], mail: [], nowMs: 0 };
  for (const id of ids) {
    actors.set(id, { disk: diskOf(), machine: machine(), host: undefined });
    start(play, id);
  }
  return verbs(play);
}

function verbs<State, Message>(play: Play<State, Message>): Stage<State, Message> {
  const { ids, mail, lines } = play;
  const up = (id: NodeId): Host<State, Message> => upOf(play, id);
  return {
    ids,
    mail,
    say: (line) => void lines.push(line),
    takeLines: () => lines.splice(0),
    state: (id) => up(id).state,
    isUp: (id) => actorOf(play, id).host !== undefined,
    input: (id, input) => inTurn(play, id, (host) => host.input(input)),
    tick(id) {
      const wakeAtMs = play.dialect.consensus.wakeAt(up(id).state);
      if (wakeAtMs === Infinity)
        throw new Error(`expected ${id} to wait for something, it does not`);
      play.nowMs = Math.max(play.nowMs, wakeAtMs);
      up(id).input({ kind: 'tick' });
    },
    wait: (durationMs) => void (play.nowMs += durationMs),
    take(envelope, deliver) {
      mail.splice(mail.indexOf(envelope), 1);
      const { from, to, message } = envelope;
      const line = `${from} > ${to} ${play.dialect.message(message)}`;
      const host = actorOf(play, to).host;
      if (!deliver || host === undefined) lines.push(`${line} (${deliver ? 'down' : 'dropped'})`);
      else {
        lines.push(line);
        inTurn(play, to, () => host.input({ kind: 'message', from, message }));
      }
    },
    copy: (envelope) => void mail.push({ ...envelope }),
    sync(id) {
      const { disk } = actorOf(play, id);
      if (disk.synced === disk.written) return false;
      lines.push(`${id} synced ${disk.written}`);
      inTurn(play, id, (host) => host.synced(disk.written));
      return true;
    },
    crash(id, keepRecords) {
      const actor = actorOf(play, id);
      actor.host = undefined;
      actor.disk.crash(keepRecords);
    },
    start: (id) => start(play, id),
    compact(id) {
      const { machine: kept } = actorOf(play, id);
      up(id).input({ kind: 'compact', index: kept.appliedIndex, machine: kept.snapshot() });
    },
  };
}

function actorOf<State, Message>(play: Play<State, Message>, id: NodeId): Actor<State, Message> {
  const actor = play.actors.get(id);
  if (actor === undefined) throw new Error(`expected one of ${play.ids.join(', ')}, got ${id}`);
  return actor;
}

function upOf<State, Message>(play: Play<State, Message>, id: NodeId): Host<State, Message> {
  const { host } = actorOf(play, id);
  if (host === undefined) throw new Error(`expected ${id} to be up, it is down`);
  return host;
}

/** What the protocol puts off to the end of a turn is done at the end of each command. */
function inTurn<State, Message>(
  play: Play<State, Message>,
  id: NodeId,
  act: (host: Host<State, Message>) => void,
): void {
  const host = upOf(play, id);
  act(host);
  if (play.dialect.consensus.wakeAt(host.state) === -Infinity) host.input({ kind: 'tick' });
}

function start<State, Message>(play: Play<State, Message>, id: NodeId): void {
  const { consensus } = play.dialect;
  const actor = actorOf(play, id);
  if (actor.host !== undefined) throw new Error(`expected ${id} to be down, it is up`);
  const durable = actor.disk.durable();
  actor.machine = machine();
  if (durable.snapshot !== undefined) actor.machine.restore(durable.snapshot);
  const { settings, ids: nodes, nowMs } = play;
  const state = consensus.init({ self: id, nodes, durable, seed: 1, nowMs, settings });
  const { disk, machine: kept } = actor;
  const outlets = outletsOf(play, id);
  const copy = <T>(value: T): T => structuredClone(value);
  actor.host = hostOf({ consensus, state, disk, machine: kept, compactEvery: 0, copy, outlets });
}

function outletsOf<State, Message>(play: Play<State, Message>, id: NodeId): Outlets<Message> {
  const { dialect, mail } = play;
  const say = (text: string): void => void play.lines.push(`  ${id} ${text}`);
  return {
    nowMs: () => play.nowMs,
    send(to, message) {
      mail.push({ from: id, to, message: structuredClone(message) });
      say(`sends ${to} ${dialect.message(message)}`);
    },
    wrote: (effect) => say(written(dialect, effect)),
    applied: ({ index, term, command }) => say(`applies ${index}/${term} ${text(command)}`),
    restored: ({ index, machine: held }) => say(`restores ${index} ${held}`),
    answered: (answer) => say(answered(answer)),
    stepped: () => undefined,
  };
}

function written<State, Message>(dialect: Dialect<State, Message>, effect: DiskWrite): string {
  const records = effect.records.map((record) => dialect.record(record)).join(', ');
  return effect.kind === 'persist'
    ? `writes ${records}`
    : `compacts to ${effect.snapshot.index}, keeps ${records}`;
}

function answered(answer: Answer): string {
  switch (answer.kind) {
    case 'proposed':
      return `proposed ${answer.id} at ${answer.index}/${answer.term}`;
    case 'rejected':
      return `rejected ${answer.id}: ${answer.reason}${answer.leader === undefined ? '' : `, ask ${answer.leader}`}`;
    case 'administered': {
      const { kind } = answer.reply;
      return `answers ${answer.id}: ${kind === 'ok' ? 'done' : answer.reply.reason}`;
    }
    case 'readable':
      return `readable ${answer.id} at ${answer.index}`;
  }
}

function text(command: unknown): string {
  return typeof command === 'string' ? command : JSON.stringify(command);
}
