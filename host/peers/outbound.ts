import type { Socket } from 'node:net';
import type { Address } from '../../core/cluster.ts';
import type { Rng } from '../../core/rng.ts';
import { frameReader } from '../../wire/frame.ts';
import { type Backoff, backoff } from './backoff.ts';
import { dial } from './dial.ts';
import { type Hello, frameKinds, maxFrameBytes, messageFrames, pingFrame } from './hello.ts';
import type { PeerLog } from './peer-transport.ts';

export interface OutboundOptions {
  readonly hello: Hello;
  readonly address: Address;
  readonly rng: Rng;
  readonly log: PeerLog;
  readonly maxQueueBytes: number;
  /** For the connection and the handshake together. */
  readonly dialTimeoutMs: number;
  readonly pingMs: number;
  /** After so long without a pong a second connection is tried beside the first. */
  readonly silenceMs: number;
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
}

/**
 * The side that dials: this node's messages to one peer. A peer that falls silent keeps the old
 * connection until a new one stands, because a link that is cut the other way only still carries
 * messages there. A new one is tried all the same, because TCP comes back from a long cut no sooner
 * than its next retransmission, which may be many seconds after the link is whole again.
 */
export interface Outbound {
  send(payload: Uint8Array): void;
  close(): void;
  readonly stats: OutboundStats;
}

export interface OutboundStats {
  readonly connected: boolean;
  readonly connects: number;
  readonly frames: number;
  readonly bytes: number;
  readonly dropped: number;
}

interface Line {
  readonly options: OutboundOptions;
  readonly over: AbortController;
  readonly retry: Backoff;
  socket: Socket | null;
  heardAtMs: number;
  dialling: boolean;
  /** Messages of this turn, which leave in one write. */
  payloads: Uint8Array[];
  payloadBytes: number;
  connects: number;
  sent: number;
  sentBytes: number;
  dropped: number;
}

/** A connection that lasted so long was a good one. */
const settledMs = 2000;

export function outboundTo(options: OutboundOptions): Outbound {
  const retry = backoff(options.rng, options.firstRetryMs, options.maxRetryMs);
  const line: Line = {
    retry,
    ...{ options, over: new AbortController(), socket: null, heardAtMs: 0, dialling: false },
    ...{ payloads: [], payloadBytes: 0, connects: 0, sent: 0, sentBytes: 0, dropped: 0 },
  };
  const pinger = setInterval(() => keepAlive(line), options.pingMs);
  void redial(line);
  return {
    send: (payload) => send(line, payload),
    close() {
      clearInterval(pinger);
      line.over.abort();
      line.socket?.destroy();
    },
    get stats() {
      const { socket, connects, sent, sentBytes, dropped } = line;
      return { connected: socket !== null, connects, frames: sent, bytes: sentBytes, dropped };
    },
  };
}

function send(line: Line, payload: Uint8Array): void {
  const { socket, options } = line;
  const queued = (socket?.writableLength ?? 0) + line.payloadBytes + payload.length;
  if (socket === null || queued > options.maxQueueBytes || payload.length > maxFrameBytes) {
    line.dropped++;
    return;
  }
  if (line.payloads.length === 0) queueMicrotask(() => flush(line));
  line.payloads.push(payload);
  line.payloadBytes += payload.length;
}

function flush(line: Line): void {
  const { payloads, socket } = line;
  line.payloads = [];
  line.payloadBytes = 0;
  if (socket === null) {
    line.dropped += payloads.length;
    return;
  }
  const bytes = messageFrames(payloads);
  socket.write(bytes);
  line.sent += payloads.length;
  line.sentBytes += bytes.length;
}

function keepAlive(line: Line): void {
  if (line.socket === null) return;
  // What has not left yet is as good as a ping, and pings must not grow the queue of a stalled link.
  if (line.socket.writableLength === 0) line.socket.write(pingFrame);
  if (performance.now() - line.heardAtMs > line.options.silenceMs) void redial(line);
}

/** Dials until it stands or the line is closed; at most one such loop runs at a time. */
async function redial(line: Line): Promise<void> {
  if (line.dialling) return;
  line.dialling = true;
  const { options, over } = line;
  const { hello, address, log } = options;
  let lastReason = '';
  // A connection that was lost young may be lost again at once, so it waits its turn too.
  if (line.connects > 0) await pause(line.retry.nextMs(), over.signal);
  while (needsDial(line)) {
    try {
      adopt(line, await dial(address, hello, options.dialTimeoutMs, over.signal));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // One line for each reason, not for each try.
      if (reason !== lastReason && needsDial(line)) log('warn', reason, { peer: hello.to });
      lastReason = reason;
      await pause(line.retry.nextMs(), over.signal);
    }
  }
  line.dialling = false;
}

function needsDial(line: Line): boolean {
  if (line.over.signal.aborted) return false;
  return line.socket === null || performance.now() - line.heardAtMs > line.options.silenceMs;
}

function adopt(line: Line, socket: Socket): void {
  const { log, hello } = line.options;
  line.socket?.destroy();
  line.socket = socket;
  const adoptedAtMs = performance.now();
  line.heardAtMs = adoptedAtMs;
  line.connects++;
  const reader = frameReader(1);
  socket.on('data', (chunk) => {
    reader.push(chunk);
    try {
      for (let frame = reader.next(); frame !== null; frame = reader.next()) {
        if (frame[0] !== frameKinds.pong) throw new Error('expected nothing but pongs');
        line.heardAtMs = performance.now();
      }
    } catch {
      socket.destroy();
    }
  });
  socket.on('close', () => {
    if (line.socket !== socket) return;
    line.socket = null;
    if (performance.now() - adoptedAtMs > settledMs) line.retry.reset();
    if (line.over.signal.aborted) return;
    log('info', 'lost the connection to a peer', { peer: hello.to });
    void redial(line);
  });
  log('info', 'connected to a peer', { peer: hello.to });
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
