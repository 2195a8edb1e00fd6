import { type Socket, connect } from 'node:net';
import type { Address } from '../core/cluster.ts';
import type { LoadClient, LoadClientOptions } from '../core/load-client.ts';
import { type ReplyParser, type RespReply, replyParser } from '../wire/resp-reply.ts';
import { bulkAt, isOkAt, okBytes } from './resp-quick-reply.ts';
import { loadAnswerOf } from './resp-load-answer.ts';

/** One client, on one connection at a time. */
interface Line {
  readonly options: Pick<LoadClientOptions, 'onEnd' | 'timeoutMs'>;
  readonly addressOf: () => Address;
  socket: Socket | null;
  /** Cancels the wait for a connection; null once there is one. */
  giveUp: (() => void) | null;
  /** What is under way, and what was sent for it, or will be once there is a connection. */
  doing: Doing;
  request: string;
  /** Bytes of an answer that did not come in one piece; null where nothing is left over. */
  parser: ReplyParser | null;
  isClosed: boolean;
}

type Doing = 'nothing' | 'read' | 'write';

/**
 * A client of a RESP server for generating load. An answer that comes whole, as nearly all do, is read
 * where it lies in a buffer that the thread's connections share; whatever else comes goes to the strict
 * parser that `dtest run` uses, and is understood as it is there.
 */
export function respLoadClient(
  addressOf: () => Address,
  options: Pick<LoadClientOptions, 'onEnd' | 'timeoutMs'>,
): LoadClient {
  const line: Line = {
    ...{ options, addressOf, socket: null, giveUp: null },
    ...{ doing: 'nothing', request: '', parser: null, isClosed: false },
  };
  return {
    read: (key) => begin(line, 'read', `*2\r\n$3\r\nGET\r\n$${key.length}\r\n${key}\r\n`),
    write: (key, value) =>
      begin(
        line,
        'write',
        `*3\r\n$3\r\nSET\r\n$${key.length}\r\n${key}\r\n$${value.length}\r\n${value}\r\n`,
      ),
    abandon: (reason) => {
      if (line.doing !== 'nothing') shut(line, reason);
    },
    close: () => {
      line.isClosed = true;
      line.doing = 'nothing';
      shut(line, 'closed');
    },
  };
}

function begin(line: Line, doing: Doing, request: string): void {
  if (line.doing !== 'nothing' || line.isClosed) {
    throw new Error(`expected an open, idle client, got one that ${line.doing}s or is closed`);
  }
  line.doing = doing;
  line.request = request;
  if (line.socket === null) open(line);
  else if (line.giveUp === null) line.socket.write(request, 'latin1');
}

/** Reading is synchronous from the system's call to the last look at the bytes, so one buffer serves all. */
const shared = Buffer.allocUnsafe(64 << 10);

function open(line: Line): void {
  const { host, port } = line.addressOf();
  const { timeoutMs } = line.options;
  const isCurrent = (): boolean => line.socket === socket;
  const socket = connect({
    ...{ host, port, noDelay: true },
    onread: {
      buffer: shared,
      callback: (length) => {
        if (isCurrent()) hear(line, length);
        return true;
      },
    },
  });
  line.socket = socket;
  const why = `no connection to ${host}:${port}`;
  const timer = setTimeout(
    () => isCurrent() && shut(line, `${why}: no answer within ${timeoutMs} ms`),
    timeoutMs,
  );
  line.giveUp = () => clearTimeout(timer);
  socket.on('connect', () => {
    if (!isCurrent()) return;
    clearTimeout(timer);
    line.giveUp = null;
    if (line.doing !== 'nothing') socket.write(line.request, 'latin1');
  });
  socket.on('error', (error) => isCurrent() && shut(line, error.message));
  socket.on('end', () => isCurrent() && shut(line, 'the server closed the connection'));
  socket.on('close', () => isCurrent() && shut(line, 'the server closed the connection'));
}

/** Ends the connection and what is under way on it. Without a connection nothing was ever sent. */
function shut(line: Line, reason: string): void {
  const { socket, giveUp, doing } = line;
  const wasSent = socket !== null && giveUp === null;
  giveUp?.();
  line.socket = null;
  line.giveUp = null;
  line.parser = null;
  socket?.destroy();
  if (doing === 'nothing') return;
  line.doing = 'nothing';
  line.options.onEnd(doing === 'read' || !wasSent ? 'fail' : 'info', null, reason);
}

function hear(line: Line, length: number): void {
  if (line.doing === 'nothing') {
    shut(line, 'the server spoke without being asked');
    return;
  }
  if (line.parser === null) {
    if (line.doing === 'write' && length === okBytes && isOkAt(shared, 0, length)) {
      end(line, null);
      return;
    }
    const bulk = line.doing === 'read' ? bulkAt(shared, 0, length) : undefined;
    if (bulk?.end === length) {
      end(line, bulk.value);
      return;
    }
  }
  hearSlowly(line, length);
}

function end(line: Line, result: string | null): void {
  line.doing = 'nothing';
  line.options.onEnd('ok', result, '');
}

function hearSlowly(line: Line, length: number): void {
  line.parser ??= replyParser(decode);
  try {
    // The buffer is the next connection's as soon as this returns.
    line.parser.push(Buffer.from(shared.subarray(0, length)));
    const reply = line.parser.next();
    if (reply === null) return;
    if (!line.parser.isIdle()) {
      shut(line, 'the server replied more often than it was asked');
      return;
    }
    line.parser = null;
    understand(line, reply);
  } catch (error) {
    shut(line, `not RESP: ${(error as Error).message}`);
  }
}

function understand(line: Line, reply: RespReply): void {
  const answer = loadAnswerOf(line.doing === 'read', reply);
  if (answer.phase === 'surprise') {
    shut(line, answer.error);
    return;
  }
  line.doing = 'nothing';
  if (answer.phase === 'ok') line.options.onEnd('ok', answer.value as string | null, '');
  else line.options.onEnd(answer.phase, null, answer.error);
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
