import type { NodeId } from '../../core/node-id.ts';
import type { Administration } from '../../core/protocol.ts';
import { type Dialect, type Stage, stageOf } from './stage.ts';
import { type Command, replay } from './transcript.ts';

/**
 * Runs a transcript against a fresh cluster and returns it with what happened now. Its commands:
 *
 * - `nodes 3 name=value …`: raises the curtain on so many nodes with these settings.
 * - `tick n1`: the clock goes on to what n1 waits for; `wait 300`: it goes on so many milliseconds.
 * - `propose n1 x y`, `read n1`: requests; their numbers count from 1.
 * - `members n1 n2 n3`, `transfer n1 n2`: asks n1 for these members, or to let n2 lead; counted too.
 * - `deliver n2`: hands n2 its mail; `from=n1` only that sender's, `count=1` only the oldest one.
 * - `drop n2`: loses n2's mail, same options; `repeat n2`: delivers its mail and keeps it.
 * - `sync n1`: makes durable what n1 has written.
 * - `stabilize n1 n2`: syncs and delivers among these (or all) nodes until nothing is left to do;
 *   mail to and from others stays.
 * - `crash n1`, `crash n1 keep=2`, `start n1`, `compact n1`.
 * - `show n1 n2`: describes these (or all) nodes; `mail`: lists what is under way.
 */
export function playScenario<State, Message>(
  transcript: string,
  dialect: Dialect<State, Message>,
): string {
  let stage: Stage<State, Message> | undefined;
  let asked = 0;
  const play = (command: Command): readonly string[] => {
    if (command.verb === 'nodes') {
      stage = stageOf(dialect, Number(command.words[0]), command.named);
      asked = 0;
      return stage.takeLines();
    }
    if (stage === undefined) throw new Error('expected `nodes` as the first command');
    asked = act(stage, dialect, command, asked);
    return stage.takeLines();
  };
  return replay(transcript, play);
}

/** Carries out a command; returns how many requests have been made so far. */
function act<State, Message>(
  stage: Stage<State, Message>,
  dialect: Dialect<State, Message>,
  command: Command,
  askedBefore: number,
): number {
  const [node = '', ...rest] = command.words;
  let asked = askedBefore;
  switch (command.verb) {
    case 'tick':
      stage.tick(node);
      break;
    case 'wait':
      stage.wait(Number(node));
      break;
    case 'propose':
      for (const each of rest) stage.input(node, { kind: 'propose', id: ++asked, command: each });
      break;
    case 'read':
      stage.input(node, { kind: 'read', id: ++asked });
      break;
    case 'members':
    case 'transfer':
      stage.input(node, {
        kind: 'administer',
        id: ++asked,
        request: requestOf(command.verb, rest),
      });
      break;
    case 'deliver':
    case 'drop':
    case 'repeat':
      post(stage, command, node);
      break;
    case 'sync':
      stage.sync(node);
      break;
    case 'stabilize':
      stabilize(stage, command.words.length === 0 ? stage.ids : command.words);
      break;
    case 'crash':
      stage.crash(node, Number(command.named.keep ?? 0));
      break;
    case 'start':
      stage.start(node);
      break;
    case 'compact':
      stage.compact(node);
      break;
    case 'show':
      show(stage, dialect, command.words.length === 0 ? stage.ids : command.words);
      break;
    case 'mail':
      for (const { from, to, message } of stage.mail) {
        stage.say(`${from} > ${to} ${dialect.message(message)}`);
      }
      break;
    default:
      throw new Error(`expected a command of scenario.ts, got ${command.verb}`);
  }
  return asked;
}

function requestOf(verb: 'members' | 'transfer', words: readonly string[]): Administration {
  return verb === 'members' ? { op: verb, nodes: words } : { op: verb, to: words[0] ?? '' };
}

function post<State, Message>(stage: Stage<State, Message>, command: Command, to: NodeId): void {
  const { from, count = 'Infinity' } = command.named;
  const wanted = stage.mail.filter(
    (each) => each.to === to && (from === undefined || each.from === from),
  );
  for (const envelope of wanted.slice(0, Number(count))) {
    if (command.verb === 'repeat') stage.copy(envelope);
    stage.take(envelope, command.verb !== 'drop');
  }
}

/** Rounds of syncing and delivering; a protocol that never comes to rest is an error. */
function stabilize<State, Message>(stage: Stage<State, Message>, ids: readonly NodeId[]): void {
  const maxRounds = 1000;
  for (let round = 0; round < maxRounds; round++) {
    let acted = false;
    for (const id of ids) if (stage.isUp(id) && stage.sync(id)) acted = true;
    const mail = stage.mail.filter(({ from, to }) => ids.includes(from) && ids.includes(to));
    for (const envelope of mail) stage.take(envelope, true);
    if (!acted && mail.length === 0) return;
  }
  throw new Error(`expected the nodes to come to rest within ${maxRounds} rounds, they did not`);
}

function show<State, Message>(
  stage: Stage<State, Message>,
  dialect: Dialect<State, Message>,
  ids: readonly NodeId[],
): void {
  for (const id of ids) {
    if (!stage.isUp(id)) stage.say(`${id} down`);
    else for (const line of dialect.state(stage.state(id))) stage.say(`${id} ${line}`);
  }
}
