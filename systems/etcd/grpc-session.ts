import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import type { Address } from '../../core/cluster.ts';
import type { Call } from './messages.ts';

/** Of all that headers can hold, what concerns a call: one text or number for each name. */
type Headers = Readonly<Record<string, unknown>>;

/**
 * What became of a call. `status`: the server refused or failed it, by a code of gRPC. `lost`: it was
 * sent, and no answer came. `unsent`: it never left.
 */
export type CallResult =
  | { readonly kind: 'ok'; readonly body: Uint8Array }
  | { readonly kind: 'status'; readonly code: number; readonly text: string }
  | { readonly kind: 'lost' | 'unsent'; readonly reason: string };

/** A connection to one server, for unary calls of gRPC over HTTP/2 without TLS; many at a time. */
export interface GrpcSession {
  readonly isOpen: boolean;
  /** Never rejects. */
  call(call: Call, timeoutMs: number): Promise<CallResult>;
  close(): void;
}

/** A frame begins with a byte for compression, which nobody asked for here, and four for the length. */
const prefixBytes = 5;

/** Connects, or rejects, saying why, when there is no connection within the deadline. */
export async function openGrpc(address: Address, timeoutMs: number): Promise<GrpcSession> {
  const session = await connected(address, timeoutMs);
  session.on('error', () => undefined);
  session.on('goaway', () => session.close());
  const isOpen = (): boolean => !session.closed && !session.destroyed;
  return {
    get isOpen() {
      return isOpen();
    },
    call: (call, answerMs) =>
      isOpen()
        ? ask(session, call, answerMs)
        : Promise.resolve({ kind: 'unsent', reason: 'the connection is closed' }),
    close: () => session.destroy(),
  };
}

function connected({ host, port }: Address, timeoutMs: number): Promise<ClientHttp2Session> {
  return new Promise((resolve, reject) => {
    const authority = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    const session = connect(authority, {
      createConnection: () => connectTcp({ host, port, noDelay: true }),
    });
    const fail = (reason: string): void => {
      clearTimeout(timer);
      session.destroy();
      reject(new Error(`no connection to ${host}:${port}: ${reason}`));
    };
    const timer = setTimeout(() => fail(`no answer within ${timeoutMs} ms`), timeoutMs);
    const onError = (error: Error): void => fail(error.message);
    session.on('error', onError);
    session.once('connect', () => {
      clearTimeout(timer);
      session.off('error', onError);
      resolve(session);
    });
  });
}

function ask(session: ClientHttp2Session, call: Call, timeoutMs: number): Promise<CallResult> {
  return new Promise((resolve) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': call.path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const chunks: Uint8Array[] = [];
    let status: CallResult | undefined;
    let reason = 'the connection was lost';
    const timer = setTimeout(() => {
      reason = `no answer within ${timeoutMs} ms`;
      stream.close(constants.NGHTTP2_CANCEL);
    }, timeoutMs);
    const learn = (headers: Headers): void => {
      status ??= statusOf(headers);
    };
    stream.on('response', learn);
    stream.on('trailers', learn);
    stream.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    stream.on('error', (error: Error) => {
      reason = error.message;
    });
    stream.on('close', () => {
      clearTimeout(timer);
      resolve(resultOf(status, chunks, reason));
    });
    send(stream, call.body);
  });
}

function send(stream: ClientHttp2Stream, body: Uint8Array): void {
  const frame = Buffer.allocUnsafe(prefixBytes + body.length);
  frame[0] = 0;
  frame.writeUInt32BE(body.length, 1);
  frame.set(body, prefixBytes);
  stream.end(frame);
}

/** The status of a call stands in its trailers, or in its headers where there is nothing else. */
function statusOf(headers: Headers): CallResult | undefined {
  const code = headers['grpc-status'];
  if (code !== undefined) {
    return { kind: 'status', code: Number(code), text: textOf(headers['grpc-message']) };
  }
  const http = headers[':status'];
  if (http === undefined || http === 200) return undefined;
  return { kind: 'status', code: 2, text: `HTTP status ${Number(http)}` };
}

/** Messages are percent-encoded (gRPC over HTTP/2, "Status-Message"); a wrong one is shown as it came. */
function textOf(message: unknown): string {
  if (typeof message !== 'string') return '';
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}

function resultOf(
  status: CallResult | undefined,
  chunks: readonly Uint8Array[],
  reason: string,
): CallResult {
  if (status?.kind !== 'status') return { kind: 'lost', reason };
  if (status.code !== 0) return status;
  const frame = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  const length =
    frame.length < prefixBytes
      ? -1
      : new DataView(frame.buffer, frame.byteOffset, frame.length).getUint32(1);
  if (frame[0] !== 0 || frame.length !== prefixBytes + length) {
    return {
      kind: 'lost',
      reason: `expected one frame of gRPC, got ${frame.length} bytes that are none`,
    };
  }
  return { kind: 'ok', body: frame.subarray(prefixBytes) };
}
