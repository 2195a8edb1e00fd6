import { type Socket, connect } from 'node:net';
import type { Address } from '../core/cluster.ts';
import type { Answer, RespConnection, Words } from '../wire/resp-line.ts';
import { type RespReply, type ReplyParser, replyParser } from '../wire/resp-reply.ts';

interface Line {
  readonly socket: Socket;
  readonly parser: ReplyParser;
  closed: string | undefined;
  waiting: Waiting | undefined;
}

interface Waiting {
  readonly replies: RespReply[];
  /** How many replies are wanted. */
  readonly count: number;
  end(answer: Answer): void;
}

/** Connects over TCP. Rejects, saying why, when there is no connection within the deadline. */
export async function openResp(address: Address, timeoutMs: number): Promise<RespConnection> {
  const socket = await connected(address, timeoutMs);
  const line: Line = { socket, parser: replyParser(decode), closed: undefined, waiting: undefined };
  socket.on('data', (chunk) => hear(line, chunk));
  socket.on('error', (error) => shut(line, error.message));
  socket.on('close', () => shut(line, 'the server closed the connection'));
  socket.on('end', () => shut(line, 'the server closed the connection'));
  return {
    get isOpen() {
      return line.closed === undefined;
    },
    ask: (commands, answerMs) => ask(line, commands, answerMs),
    close: () => shut(line, 'this client closed the connection'),
  };
}

function connected({ host, port }: Address, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    const fail = (reason: string): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new Error(`no connection to ${host}:${port}: ${reason}`));
    };
    const timer = setTimeout(() => fail(`no answer within ${timeoutMs} ms`), timeoutMs);
    socket.on('error', (error) => fail(error.message));
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

function ask(line: Line, commands: readonly Words[], timeoutMs: number): Promise<Answer> {
  if (line.closed !== undefined || line.waiting !== undefined) {
    throw new Error(`expected an open, idle connection; ${line.closed ?? 'a reply is awaited'}`);
  }
  return new Promise((resolve) => {
    const timer = setTimeout(() => shut(line, `no reply within ${timeoutMs} ms`), timeoutMs);
    const end = (answer: Answer): void => {
      clearTimeout(timer);
      line.waiting = undefined;
      resolve(answer);
    };
    line.waiting = { replies: [], count: commands.length, end };
    line.socket.write(commands.map(bytesOf).join(''), 'latin1');
  });
}

function bytesOf(words: Words): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
}

function hear(line: Line, chunk: Uint8Array): void {
  const { parser, waiting } = line;
  if (line.closed !== undefined) return;
  if (waiting === undefined) {
    shut(line, 'the server spoke without being asked');
    return;
  }
  try {
    parser.push(chunk);
    const { replies, count } = waiting;
    while (replies.length < count) {
      const reply = parser.next();
      if (reply === null) return;
      replies.push(reply);
    }
    // With more replies than commands there is no telling which is whose.
    if (parser.isIdle()) waiting.end({ kind: 'replies', replies });
    else shut(line, 'the server replied more often than it was asked');
  } catch (error) {
    shut(line, `not RESP: ${(error as Error).message}`);
  }
}

function shut(line: Line, reason: string): void {
  if (line.closed !== undefined) return;
  line.closed = reason;
  line.socket.destroy();
  line.waiting?.end({ kind: 'lost', reason });
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
