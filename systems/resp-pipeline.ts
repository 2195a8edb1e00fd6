import { type Socket, connect } from 'node:net';
import type { Address } from '../core/cluster.ts';
import type { OnEnd } from '../core/load-client.ts';
import { type ReplyParser, type RespReply, replyParser } from '../wire/resp-reply.ts';
import { loadAnswerOf } from './resp-load-answer.ts';
import { bulkAt, isOkAt, okBytes } from './resp-quick-reply.ts';

/** A question, from when it is put to when its answer comes or nobody wants it any more. */
export interface Question {
  readonly isRead: boolean;
  /** Null once it was given up: its answer will be heard and thrown away. */
  onEnd: OnEnd | null;
}

/**
 * A connection on which many ask at one time. Questions of one turn leave in one write, and answers come in the
 * order of the questions (Redis's protocol, "pipelining"). It connects by itself and is shut for good at
 * the first surprise: then every question that was sent and not answered is in doubt.
 */
export interface RespPipeline {
  /** Whether it may be asked; it may still be connecting. */
  readonly isOpen: boolean;
  ask(request: string, question: Question): void;
  /**
   * The answer is no longer waited for. A server that owes one is not asked anything more on this
   * connection, which ends with the last question that is still wanted.
   */
  giveUp(question: Question): void;
  close(): void;
}

interface Pipe {
  readonly where: string;
  readonly socket: Socket;
  /** In the order in which they were asked. Those up to `answered` have been. */
  questions: Question[];
  answered: number;
  /** Questions that were asked in this turn, or that wait for the connection. */
  unsent: string;
  isFlushDue: boolean;
  state: 'connecting' | 'open' | 'retired' | 'shut';
  timer: NodeJS.Timeout | null;
  /** Bytes of an answer that did not come in one piece; null where nothing is left over. */
  parser: ReplyParser | null;
}

/** Reading is synchronous from the system's call to the last look at the bytes, so one buffer serves all. */
const shared = Buffer.allocUnsafe(256 << 10);

export function respPipeline({ host, port }: Address, timeoutMs: number): RespPipeline {
  const socket = connect({
    ...{ host, port, noDelay: true },
    onread: {
      buffer: shared,
      callback: (length) => {
        if (pipe.state !== 'shut') hear(pipe, length);
        return true;
      },
    },
  });
  const where = `${host}:${port}`;
  const pipe: Pipe = {
    ...{ where, socket, questions: [], answered: 0, unsent: '', isFlushDue: false },
    ...{ state: 'connecting', parser: null },
    timer: setTimeout(() => {
      shut(pipe, `no connection to ${where}: no answer within ${timeoutMs} ms`);
    }, timeoutMs),
  };
  socket.on('connect', () => {
    if (pipe.timer !== null) clearTimeout(pipe.timer);
    pipe.timer = null;
    if (pipe.state === 'connecting') pipe.state = 'open';
    flush(pipe);
  });
  socket.on('error', (error) => shut(pipe, error.message));
  socket.on('end', () => shut(pipe, 'the server closed the connection'));
  socket.on('close', () => shut(pipe, 'the server closed the connection'));
  return {
    get isOpen() {
      return pipe.state === 'connecting' || pipe.state === 'open';
    },
    ask(request, question) {
      pipe.questions.push(question);
      pipe.unsent += request;
      if (pipe.isFlushDue || pipe.timer !== null) return;
      pipe.isFlushDue = true;
      queueMicrotask(() => flush(pipe));
    },
    giveUp(question) {
      question.onEnd = null;
      if (pipe.state === 'shut') return;
      pipe.state = 'retired';
      endIfUnwanted(pipe);
    },
    close: () => shut(pipe, 'closed'),
  };
}

function flush(pipe: Pipe): void {
  const { socket, unsent } = pipe;
  pipe.isFlushDue = false;
  pipe.unsent = '';
  if (unsent !== '' && pipe.state !== 'shut') socket.write(unsent, 'latin1');
}

/** Ends the connection and what is under way on it. Without a connection nothing was ever sent. */
function shut(pipe: Pipe, reason: string): void {
  if (pipe.state === 'shut') return;
  const wasSent = pipe.timer === null;
  pipe.state = 'shut';
  if (pipe.timer !== null) clearTimeout(pipe.timer);
  pipe.socket.destroy();
  const left = pipe.questions.slice(pipe.answered);
  pipe.questions = [];
  pipe.answered = 0;
  for (const { isRead, onEnd } of left) onEnd?.(isRead || !wasSent ? 'fail' : 'info', null, reason);
}

function endIfUnwanted(pipe: Pipe): void {
  if (pipe.state !== 'retired') return;
  for (let at = pipe.answered; at < pipe.questions.length; at++) {
    if (pipe.questions[at]?.onEnd != null) return;
  }
  shut(pipe, 'given up');
}

/** Answers that came whole, as nearly all do, are read where they lie; others by the strict parser. */
function hear(pipe: Pipe, length: number): void {
  let from = 0;
  while (from < length && pipe.parser === null) {
    const question = pipe.questions[pipe.answered];
    if (question === undefined) break;
    const end = question.isRead
      ? hearBulk(pipe, question, from, length)
      : hearOk(pipe, question, from, length);
    if (end === from) break;
    from = end;
  }
  // Whoever was answered may have had the connection shut.
  if (from < length && pipe.state !== 'shut') hearSlowly(pipe, from, length);
  forgetAnswered(pipe);
  endIfUnwanted(pipe);
}

/** Returns where the answer ends, and `from` where it is not a plain one. */
function hearBulk(pipe: Pipe, question: Question, from: number, until: number): number {
  const bulk = bulkAt(shared, from, until);
  if (bulk === undefined) return from;
  pipe.answered++;
  question.onEnd?.('ok', bulk.value, '');
  return bulk.end;
}

function hearOk(pipe: Pipe, question: Question, from: number, until: number): number {
  if (!isOkAt(shared, from, until)) return from;
  pipe.answered++;
  question.onEnd?.('ok', null, '');
  return from + okBytes;
}

/** Dropping the answered ones together, and seldom, costs nothing for each. */
function forgetAnswered(pipe: Pipe): void {
  if (pipe.answered === pipe.questions.length) pipe.questions = [];
  else if (pipe.answered < 1024) return;
  else pipe.questions = pipe.questions.slice(pipe.answered);
  pipe.answered = 0;
}

function hearSlowly(pipe: Pipe, from: number, until: number): void {
  pipe.parser ??= replyParser(decode);
  const { parser } = pipe;
  try {
    // The buffer is the next connection's as soon as this returns.
    parser.push(Buffer.from(shared.subarray(from, until)));
    for (let reply = parser.next(); reply !== null; reply = parser.next()) {
      const question = pipe.questions[pipe.answered];
      if (question === undefined) {
        shut(pipe, 'the server replied more often than it was asked');
        return;
      }
      if (!understand(pipe, question, reply)) return;
    }
    if (parser.isIdle()) pipe.parser = null;
    else if (pipe.answered === pipe.questions.length) {
      shut(pipe, 'the server replied more often than it was asked');
    }
  } catch (error) {
    shut(pipe, `not RESP: ${(error as Error).message}`);
  }
}

/** False where nothing that this server says is to be believed any more. */
function understand(pipe: Pipe, question: Question, reply: RespReply): boolean {
  const answer = loadAnswerOf(question.isRead, reply);
  if (answer.phase === 'surprise') {
    shut(pipe, answer.error);
    return false;
  }
  pipe.answered++;
  if (answer.phase === 'ok') question.onEnd?.('ok', answer.value as string | null, '');
  else question.onEnd?.(answer.phase, null, answer.error);
  return pipe.state !== 'shut';
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
