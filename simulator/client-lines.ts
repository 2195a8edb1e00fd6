import type { NodeId } from '../core/node-id.ts';
import type { Rng } from '../core/rng.ts';
import { type Client, planOf } from '../host/resp/commands.ts';
import type { Answer, RespConnection, Words } from '../wire/resp-line.ts';
import { type ReplyParser, type RespReply, replyParser } from '../wire/resp-reply.ts';
import { bytesOf, textOf } from './byte-strings.ts';
import { type Life, whileUp } from './life.ts';
import { drawnMs } from './mounted-disk.ts';

/** The connections of clients to one machine. They keep order and lose nothing, as TCP does. */
export interface ClientLines {
  /** Rejects, as a connect would, when nobody listens. */
  readonly dial: (timeoutMs: number, name?: string) => Promise<RespConnection>;
}

interface Line {
  readonly life: Life;
  /** Of its machine, itself among them as long as it is open. */
  readonly others: Set<Line>;
  readonly rng: Rng;
  readonly client: Client;
  readonly replies: ReplyParser;
  closed: string | null;
  waiting: ((answer: Answer) => void) | null;
  /** Requests that the node has not answered. */
  readonly asked: Set<number>;
}

export function clientLines(life: Life): ClientLines {
  const { rng, simulation } = life.options;
  const open = new Set<Line>();
  let dialled = 0;
  /** How often each client has dialled: its draws are its own, whoever else is there. */
  const dials = new Map<string, number>();
  // When the process ends the kernel closes its connections.
  life.onEnd.push(() => {
    for (const line of open) later(line, () => shut(line, 'the server closed the connection'));
  });
  return {
    async dial(timeoutMs, name = 'nobody') {
      const dial = (dials.get(name) ?? 0) + 1;
      dials.set(name, dial);
      const own = rng.split(`connection ${dial} of ${name}`);
      const client = { id: ++dialled, name: '', session: null };
      const line: Line = {
        ...{ life, others: open, rng: own, client, replies: replyParser(textOf) },
        ...{ closed: null, waiting: null, asked: new Set() },
      };
      const thereAndBackMs = (oneWayNs(line) + oneWayNs(line)) / 1e6;
      await simulation.clock.sleep(Math.min(timeoutMs, thereAndBackMs));
      if (life.process === null) throw life.refused;
      open.add(line);
      return {
        get isOpen() {
          return line.closed === null;
        },
        ask: (commands, answerMs) => ask(line, commands, answerMs),
        close: () => shut(line, 'this client closed the connection'),
      };
    },
  };
}

function oneWayNs({ life, rng }: Line): number {
  return 1e6 * drawnMs(life.options.conditions.network.delayMs, rng);
}

/** Runs the act when what is sent now gets to the other end. */
function later(line: Line, act: () => void): void {
  line.life.options.simulation.after(oneWayNs(line), act);
}

function ask(line: Line, commands: readonly Words[], timeoutMs: number): Promise<Answer> {
  const { simulation } = line.life.options;
  return new Promise((resolve) => {
    const giveUp = (): void => shut(line, `no reply within ${timeoutMs} ms`);
    const callOff = simulation.timer(timeoutMs * 1e6, giveUp);
    line.waiting = (answer) => {
      callOff();
      line.waiting = null;
      resolve(answer);
    };
    const serveAll = whileUp(line.life, () => serve(line, commands));
    simulation.quietly.after(oneWayNs(line), serveAll);
  });
}

/** The node's side: all commands are taken at once, and answered together. */
function serve(line: Line, commands: readonly Words[]): void {
  const texts: string[] = [];
  let missing = commands.length;
  for (const [at, words] of commands.entries()) {
    serveOne(line, words, (text) => {
      texts[at] = text;
      if (--missing === 0) later(line, () => hear(line, texts));
    });
  }
}

function serveOne(line: Line, words: Words, onText: (text: string) => void): void {
  const { id, simulation } = line.life.options;
  simulation.trace?.note(`client ${line.client.id} of ${id}`, 'asks', words.join(' '));
  const { loop } = line.life.process ?? {};
  const members = (): readonly NodeId[] | null => loop?.status().members ?? null;
  const plan = planOf(line.client, words, { info: () => '', members });
  if (loop === undefined || line.closed !== null) return;
  if (plan.kind !== 'request') {
    onText(plan.text);
    return;
  }
  const asked: { number: number | null } = { number: null };
  const number = loop.request(plan.request, (reply) => {
    if (asked.number === null) asked.number = -1;
    else line.asked.delete(asked.number);
    onText(plan.render(reply));
    line.life.sent();
  });
  // A node with too much to do has answered already.
  if (asked.number !== null) return;
  asked.number = number;
  line.asked.add(number);
}

function shut(line: Line, reason: string): void {
  if (line.closed !== null) return;
  line.closed = reason;
  line.others.delete(line);
  const cancel = whileUp(line.life, () => {
    for (const number of line.asked) line.life.process?.loop.cancel(number);
  });
  if (line.asked.size > 0) later(line, cancel);
  line.waiting?.({ kind: 'lost', reason });
}

function hear(line: Line, texts: readonly string[]): void {
  const { id, simulation } = line.life.options;
  const text = texts.join('');
  simulation.trace?.note(`client ${line.client.id} of ${id}`, 'hears', text);
  line.replies.push(bytesOf(text));
  const replies: RespReply[] = [];
  for (let reply = line.replies.next(); reply !== null; reply = line.replies.next()) {
    replies.push(reply);
  }
  line.waiting?.({ kind: 'replies', replies });
}
