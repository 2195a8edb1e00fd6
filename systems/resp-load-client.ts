import { type Socket, connect } from 'node:net';
import type { Address } from '../core/cluster.ts';
import type { LoadClient, LoadClientOptions } from '../core/load-client.ts';
import { type ReplyParser, type RespReply, replyParser } from '../wire/resp-reply.ts';
import { type RespOperation, findingOf, outcomeOf } from './resp-operations.ts';

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
    if (line.doing === 'write' && isOk(length)) {
      end(line, null);
      return;
    }
    const bulk = line.doing === 'read' ? bulkIn(length) : undefined;
    if (bulk !== undefined) {
      end(line, bulk);
      return;
    }
  }
  hearSlowly(line, length);
}

function end(line: Line, result: string | null): void {
  line.doing = 'nothing';
  line.options.onEnd('ok', result, '');
}

const [carriageReturn, lineFeed, dollar, minus, zero] = [13, 10, 0x24, 0x2d, 0x30];

/** `+OK\r\n` and nothing else. */
function isOk(length: number): boolean {
  return (
    length === 5 &&
    shared[0] === 0x2b &&
    shared[1] === 0x4f &&
    shared[2] === 0x4b &&
    shared[3] === carriageReturn &&
    shared[4] === lineFeed
  );
}

/** The value of one whole bulk string, null for the absent one; undefined for anything else. */
function bulkIn(length: number): string | null | undefined {
  if (shared[0] !== dollar) return undefined;
  if (shared[1] === minus)
    return shared.toString('latin1', 1, length) === '-1\r\n' ? null : undefined;
  let at = 1;
  let size = 0;
  for (; at < 10; at++) {
    const digit = (shared[at] ?? 0) - zero;
    if (digit < 0 || digit > 9) break;
    size = size * 10 + digit;
  }
  const isPlain = at > 1 && (at === 2 || shared[1] !== zero);
  const isWhole =
    shared[at] === carriageReturn &&
    shared[at + 1] === lineFeed &&
    length === at + 2 + size + 2 &&
    shared[length - 2] === carriageReturn &&
    shared[length - 1] === lineFeed;
  return isPlain && isWhole ? shared.toString('latin1', at + 2, at + 2 + size) : undefined;
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

const reading: RespOperation = {
  ...{ words: [], isRead: true },
  understand: (reply) => (reply.kind === 'bulk' ? { phase: 'ok', value: reply.value } : undefined),
};

const writing: RespOperation = {
  ...{ words: [], isRead: false },
  understand: (reply) =>
    reply.kind === 'status' && reply.text === 'OK' ? { phase: 'ok', value: null } : undefined,
};

function understand(line: Line, reply: RespReply): void {
  const operation = line.doing === 'read' ? reading : writing;
  const finding = findingOf(operation, reply);
  if (finding.kind === 'surprise') {
    shut(line, finding.error);
    return;
  }
  const outcome = outcomeOf(operation, finding);
  line.doing = 'nothing';
  if (outcome.phase === 'ok') line.options.onEnd('ok', outcome.value as string | null, '');
  else line.options.onEnd(outcome.phase, null, outcome.error);
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
