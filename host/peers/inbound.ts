import { type Socket, createServer } from 'node:net';
import type { Address } from '../../core/cluster.ts';
import type { NodeId } from '../../core/node-id.ts';
import { listen } from '../listen.ts';
import { type FrameReader, frameReader } from '../../wire/frame.ts';
import {
  frameKinds,
  greet,
  maxFrameBytes,
  maxHandshakeBytes,
  pongFrame,
  refusalFrame,
  welcomeFrame,
} from './hello.ts';
import type { OnMessage } from './peer-transport.ts';

export interface InboundOptions {
  readonly self: NodeId;
  readonly nodes: readonly NodeId[];
  readonly cluster: string;
  readonly listen: Address;
  readonly maxConnections: number;
  /** A caller that has not said who it is by then is a stranger. */
  readonly handshakeTimeoutMs: number;
  /** Peers ping every second; one that is silent for so long is gone. */
  readonly idleTimeoutMs: number;
}

/** The side that is dialled: one connection from each peer, for that peer's messages alone. */
export interface Inbound {
  start(onMessage: OnMessage): Promise<void>;
  close(): Promise<void>;
  readonly stats: {
    readonly connections: number;
    readonly frames: number;
    readonly bytes: number;
    readonly rejected: number;
  };
}

interface Caller {
  readonly socket: Socket;
  readonly reader: FrameReader;
  /** Null until it has said who it is. */
  from: NodeId | null;
  /** Told so; the sweep closes it if it does not. */
  refused: boolean;
  heardAtMs: number;
}

interface Listening {
  readonly options: InboundOptions;
  /** In the order in which they came. */
  readonly callers: Set<Caller>;
  onMessage: OnMessage;
  frames: number;
  bytes: number;
  rejected: number;
}

const sweepMs = 500;
/** Pongs are small; a caller that lets this much pile up does not read. */
const maxUnreadBytes = 64 << 10;

export function inboundOf(options: InboundOptions): Inbound {
  const callers = new Set<Caller>();
  const listening: Listening = {
    ...{ options, callers, onMessage: () => true, frames: 0, bytes: 0, rejected: 0 },
  };
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) =>
    welcome(listening, socket),
  );
  let sweeper: NodeJS.Timeout | undefined;
  return {
    async start(onMessage) {
      listening.onMessage = onMessage;
      await listen(server, options.listen);
      sweeper = setInterval(() => sweep(listening), sweepMs);
    },
    async close() {
      clearInterval(sweeper);
      for (const { socket } of callers) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
    get stats() {
      const { frames, bytes, rejected } = listening;
      return { connections: callers.size, frames, bytes, rejected };
    },
  };
}

function welcome(listening: Listening, socket: Socket): void {
  const { callers, options } = listening;
  const caller: Caller = {
    ...{ socket, reader: frameReader(maxHandshakeBytes), from: null, refused: false },
    heardAtMs: performance.now(),
  };
  socket.on('error', () => undefined);
  socket.on('close', () => callers.delete(caller));
  if (callers.size >= options.maxConnections && !makeRoom(listening)) {
    reject(listening, caller);
    return;
  }
  callers.add(caller);
  socket.on('data', (chunk) => hear(listening, caller, chunk));
}

/** Members introduce themselves at once, so the eldest of those who did not is the one to go. */
function makeRoom(listening: Listening): boolean {
  for (const caller of listening.callers) {
    if (caller.from !== null) continue;
    reject(listening, caller);
    return true;
  }
  return false;
}

function reject(listening: Listening, caller: Caller): void {
  listening.rejected++;
  listening.callers.delete(caller);
  caller.socket.destroy();
}

function hear(listening: Listening, caller: Caller, chunk: Uint8Array): void {
  // A stranger's deadline runs from when it came, however many bytes it dribbles.
  if (caller.from !== null) caller.heardAtMs = performance.now();
  listening.bytes += chunk.length;
  try {
    caller.reader.push(chunk);
    while (isHeard(caller)) {
      const frame = caller.reader.next();
      if (frame === null) return;
      listening.frames++;
      if (!takeFrame(listening, caller, frame)) reject(listening, caller);
    }
  } catch {
    reject(listening, caller);
  }
}

function isHeard(caller: Caller): boolean {
  return !caller.socket.destroyed && !caller.refused;
}

/** False when whoever sent this is not to be listened to any more. */
function takeFrame(listening: Listening, caller: Caller, frame: Uint8Array): boolean {
  if (caller.from === null) return introduce(listening, caller, frame);
  switch (frame[0]) {
    case frameKinds.message:
      return listening.onMessage(caller.from, frame.subarray(1));
    case frameKinds.ping:
      if (caller.socket.writableLength > maxUnreadBytes) return false;
      caller.socket.write(pongFrame);
      return true;
    default:
      return false;
  }
}

function introduce(listening: Listening, caller: Caller, frame: Uint8Array): boolean {
  const { self, nodes, cluster } = listening.options;
  const greeting = greet(frame, self, nodes, cluster);
  if (greeting.kind === 'stranger') {
    listening.rejected++;
    caller.refused = true;
    caller.socket.end(refusalFrame(greeting.reason));
    return true;
  }
  // The latest connection counts: the peer has given up the one before, or soon will.
  for (const other of listening.callers) {
    if (other.from === greeting.from) other.socket.destroy();
  }
  caller.from = greeting.from;
  caller.reader.limit(maxFrameBytes + 1);
  caller.socket.write(welcomeFrame);
  return true;
}

/** One timer for all deadlines. */
function sweep(listening: Listening): void {
  const { handshakeTimeoutMs, idleTimeoutMs } = listening.options;
  const nowMs = performance.now();
  for (const caller of listening.callers) {
    const patienceMs = caller.from === null ? handshakeTimeoutMs : idleTimeoutMs;
    if (nowMs - caller.heardAtMs > patienceMs) reject(listening, caller);
  }
}
