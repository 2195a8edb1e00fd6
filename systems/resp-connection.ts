import { type Socket, connect } from 'node:net';
import type { Address } from '../core/cluster.ts';
import { type RespReply, type ReplyParser, replyParser } from '../wire/resp-reply.ts';

/** What became of one request. `lost`: it was sent, and no reply that can be trusted came. */
export type Answer =
  | { readonly kind: 'reply'; readonly reply: RespReply }
  | { readonly kind: 'lost'; readonly reason: string };

/**
 * A TCP connection for one request at a time. It closes for good at the first timeout or surprise, so
 * that a late reply can never answer a later request.
 */
export interface RespConnection {
  readonly isOpen: boolean;
  /** Never rejects. Call it only when the connection is open and no request is under way. */
  request(words: readonly string[], timeoutMs: number): Promise<Answer>;
  close(): void;
}

interface Line {
  readonly socket: Socket;
  readonly parser: ReplyParser;
  closed: string | undefined;
  /** Takes the answer to the request under way. */
  waiting: ((answer: Answer) => void) | undefined;
}

/** Rejects, saying why, when there is no connection within the deadline. */
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
    request: (words, deadlineMs) => request(line, words, deadlineMs),
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

function request(line: Line, words: readonly string[], timeoutMs: number): Promise<Answer> {
  if (line.closed !== undefined || line.waiting !== undefined) {
    throw new Error(
      `expected an open connection without a request under way; ${line.closed ?? ''}`,
    );
  }
  return new Promise((resolve) => {
    const timer = setTimeout(() => shut(line, `no reply within ${timeoutMs} ms`), timeoutMs);
    line.waiting = (answer) => {
      clearTimeout(timer);
      line.waiting = undefined;
      resolve(answer);
    };
    line.socket.write(requestBytes(words), 'latin1');
  });
}

function requestBytes(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
}

function hear(line: Line, chunk: Uint8Array): void {
  if (line.closed !== undefined) return;
  try {
    line.parser.push(chunk);
    if (line.waiting === undefined) {
      shut(line, 'the server spoke without being asked');
      return;
    }
    const reply = line.parser.next();
    if (reply === null) return;
    // With more than one reply to one request there is no telling which is the one.
    if (line.parser.isIdle()) line.waiting({ kind: 'reply', reply });
    else shut(line, 'the server replied more than once');
  } catch (error) {
    shut(line, `not RESP: ${(error as Error).message}`);
  }
}

function shut(line: Line, reason: string): void {
  if (line.closed !== undefined) return;
  line.closed = reason;
  line.socket.destroy();
  line.waiting?.({ kind: 'lost', reason });
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
