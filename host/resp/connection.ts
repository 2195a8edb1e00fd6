import type { Request } from '../../core/protocol.ts';
import { type RequestParser, RequestSyntaxError, requestParser } from '../../wire/resp-request.ts';
import { type Client, planOf } from './commands.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { type Render, error } from './reply-text.ts';

/** One client's connection: requests in, replies out, in the same order. */
export interface Connection {
  /** Cuts it off when it has stalled for too long. */
  sweep(nowMs: number): void;
  /** No more requests; replies that are under way still go out. */
  finish(): void;
  destroy(): void;
}

/** A reply's place in the order; null until it is there. */
interface Slot {
  text: string | null;
}

interface Talk {
  readonly options: ConnectionOptions;
  readonly parser: RequestParser;
  readonly client: Client;
  /** Requests that the service has not answered. */
  readonly inFlight: Set<number>;
  slots: Slot[];
  /** Of requests in flight. */
  askedBytes: number;
  /** What the budget knows of. */
  accountedBytes: number;
  flushing: boolean;
  /** Whether the client may still ask. */
  open: boolean;
  /** The client has closed its side; what it sent before may still wait to be served. */
  saidAll: boolean;
  /** When something last moved: a request came whole, or the client read. */
  movedAtMs: number;
}

export function connectionOf(options: ConnectionOptions): Connection {
  const { socket, limits, id } = options;
  const talk: Talk = {
    ...{ options, inFlight: new Set(), slots: [], askedBytes: 0, accountedBytes: 0 },
    parser: requestParser(limits, decodeLatin1),
    client: { id, name: '', session: null },
    ...{ flushing: false, open: true, saidAll: false, movedAtMs: performance.now() },
  };
  socket.on('data', (chunk) => {
    talk.parser.push(chunk);
    serve(talk);
    if (!account(talk)) cutOff(talk);
  });
  socket.on('drain', () => {
    talk.movedAtMs = performance.now();
    account(talk);
    serve(talk);
  });
  socket.on('end', () => {
    talk.saidAll = true;
    talk.movedAtMs = performance.now();
    serve(talk);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => forget(talk));
  return {
    sweep: (nowMs) => sweep(talk, nowMs),
    finish: () => finish(talk),
    destroy: () => socket.destroy(),
  };
}

function decodeLatin1(bytes: Uint8Array, start: number, end: number): string {
  // Chunks are Buffers, but the parser's own store is not.
  if (bytes instanceof Buffer) return bytes.toString('latin1', start, end);
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

/** Takes up requests as long as there are any and there is room for them. */
function serve(talk: Talk): void {
  const { socket } = talk.options;
  try {
    while (talk.open && hasRoom(talk)) {
      const words = talk.parser.next();
      if (words === null) {
        if (talk.saidAll) finish(talk);
        else if (socket.isPaused()) socket.resume();
        return;
      }
      talk.movedAtMs = performance.now();
      talk.options.onCommand();
      take(talk, words);
    }
  } catch (cause) {
    if (!(cause instanceof RequestSyntaxError)) throw cause;
    answer(talk, { text: error('ERR', `Protocol error: ${cause.message}`) });
    finish(talk);
  }
  socket.pause();
}

function hasRoom(talk: Talk): boolean {
  const { limits, socket } = talk.options;
  return talk.slots.length < limits.maxInFlight && socket.writableLength < limits.highOutputBytes;
}

function take(talk: Talk, words: readonly string[]): void {
  const plan = planOf(talk.client, words, talk.options.service);
  if (plan.kind === 'request') {
    ask(talk, plan.request, plan.render, sizeOf(words));
    return;
  }
  answer(talk, { text: plan.text });
  if (plan.kind === 'quit') finish(talk);
}

function ask(talk: Talk, request: Request, render: Render, bytes: number): void {
  const { service, budget } = talk.options;
  const reason = service.notReady();
  if (reason !== null) {
    answer(talk, { text: error('BUSY', reason) });
    return;
  }
  if (!budget.take(bytes)) {
    answer(talk, { text: render({ kind: 'refused', reason: 'overloaded' }) });
    return;
  }
  talk.askedBytes += bytes;
  talk.accountedBytes += bytes;
  const slot: Slot = { text: null };
  talk.slots.push(slot);
  const id = service.request(request, (reply) => {
    slot.text = render(reply);
    talk.inFlight.delete(id);
    talk.askedBytes -= bytes;
    flushSoon(talk);
  });
  if (slot.text === null) talk.inFlight.add(id);
}

function answer(talk: Talk, slot: Slot): void {
  talk.slots.push(slot);
  flushSoon(talk);
}

/** Everything that is answered in one turn leaves in one write. */
function flushSoon(talk: Talk): void {
  if (talk.flushing) return;
  talk.flushing = true;
  queueMicrotask(() => {
    talk.flushing = false;
    flush(talk);
  });
}

function flush(talk: Talk): void {
  const { socket, limits } = talk.options;
  const waiting = talk.slots.findIndex(({ text }) => text === null);
  const ready = talk.slots.splice(0, waiting < 0 ? talk.slots.length : waiting);
  if (socket.destroyed) return;
  const bytes = ready.reduce((sum, { text }) => sum + (text?.length ?? 0), 0);
  // Before they are joined: replies share the strings that they show, the joined text does not.
  if (socket.writableLength + bytes > limits.maxOutputBytes) {
    cutOff(talk);
    return;
  }
  if (bytes > 0) {
    if (socket.writableLength === 0) talk.movedAtMs = performance.now();
    socket.write(ready.map(({ text }) => text).join(''), 'latin1');
  }
  if (!account(talk)) {
    cutOff(talk);
    return;
  }
  if (!talk.open && talk.slots.length === 0) socket.destroySoon();
  else if (socket.isPaused() || talk.saidAll) serve(talk);
}

function finish(talk: Talk): void {
  talk.open = false;
  flushSoon(talk);
}

/** Tells the budget what this connection holds now; false when that is too much. */
function account(talk: Talk): boolean {
  const { socket, budget } = talk.options;
  const heldBytes = socket.destroyed
    ? 0
    : talk.parser.heldBytes + socket.writableLength + talk.askedBytes;
  if (!budget.take(heldBytes - talk.accountedBytes)) return false;
  talk.accountedBytes = heldBytes;
  return true;
}

function sweep(talk: Talk, nowMs: number): void {
  const { socket, limits } = talk.options;
  const waitedMs = nowMs - talk.movedAtMs;
  const waitsForClient = talk.parser.isPartial || socket.writableLength > 0 || !talk.open;
  const isStalled = talk.inFlight.size === 0 && waitsForClient;
  if (isStalled && waitedMs > limits.stallTimeoutMs) cutOff(talk);
  else if (talk.saidAll && waitedMs > limits.lingerMs) socket.destroy();
}

function cutOff(talk: Talk): void {
  talk.options.onCutOff();
  talk.options.socket.destroy();
}

function forget(talk: Talk): void {
  talk.open = false;
  for (const id of talk.inFlight) talk.options.service.cancel(id);
  talk.inFlight.clear();
  talk.slots = [];
  talk.options.budget.take(-talk.accountedBytes);
  talk.accountedBytes = 0;
}

function sizeOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + word.length, 0);
}
