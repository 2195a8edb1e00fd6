import { type Http2Server, type ServerHttp2Stream, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type GrpcSession, openGrpc } from './grpc-session.ts';

type Answer = (stream: ServerHttp2Stream, body: Buffer) => void;

const patienceMs = 10_000;
const undo: (() => void)[] = [];

afterEach(() => {
  for (const each of undo.splice(0)) each();
});

/** A server that answers whole requests, and a session with it. */
async function sessionWith(answer: Answer): Promise<{ session: GrpcSession; server: Http2Server }> {
  const server = createServer();
  server.on('stream', (stream) => {
    const chunks: Buffer[] = [];
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => answer(stream, Buffer.concat(chunks)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const session = await openGrpc({ host: '127.0.0.1', port }, patienceMs);
  undo.push(
    () => session.close(),
    () => server.close(),
  );
  return { session, server };
}

const call = { path: '/test.Echo/Say', body: Buffer.from('hello') };

function framed(body: string): Buffer {
  const frame = Buffer.alloc(5 + body.length);
  frame.writeUInt32BE(body.length, 1);
  frame.write(body, 5);
  return frame;
}

function answerWith(bytes: Buffer, trailers: Record<string, string>): Answer {
  return (stream) => {
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc' },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.end(bytes);
  };
}

describe('a unary call of gRPC', () => {
  it('carries one frame there and one back', async () => {
    const heard: Buffer[] = [];
    const { session } = await sessionWith((stream, body) => {
      heard.push(body);
      answerWith(framed('world'), { 'grpc-status': '0' })(stream, body);
    });
    const result = await session.call(call, patienceMs);
    expect(heard).toEqual([framed('hello')]);
    expect(result.kind === 'ok' && Buffer.from(result.body).toString()).toBe('world');
  });

  it('finds its own answer among those to others', async () => {
    const waiting: (() => void)[] = [];
    const { session } = await sessionWith((stream, body) => {
      const text = body.subarray(5).toString();
      waiting.push(() => answerWith(framed(text), { 'grpc-status': '0' })(stream, body));
      if (waiting.length === 3) for (const each of waiting.reverse()) each();
    });
    const results = await Promise.all(
      ['a', 'bb', 'ccc'].map((text) =>
        session.call({ ...call, body: Buffer.from(text) }, patienceMs),
      ),
    );
    const texts = results.map((each) => each.kind === 'ok' && Buffer.from(each.body).toString());
    expect(texts).toEqual(['a', 'bb', 'ccc']);
  });

  it.each<[string, Answer, unknown]>([
    [
      'a status in the trailers',
      answerWith(Buffer.alloc(0), { 'grpc-status': '14', 'grpc-message': 'no%20leader' }),
      { kind: 'status', code: 14, text: 'no leader' },
    ],
    [
      'a status in place of headers',
      (stream) =>
        stream.respond(
          { ':status': 200, 'grpc-status': '8', 'grpc-message': '100%' },
          { endStream: true },
        ),
      { kind: 'status', code: 8, text: '100%' },
    ],
    [
      'an HTTP error',
      (stream) => stream.respond({ ':status': 503 }, { endStream: true }),
      { kind: 'status', code: 2, text: 'HTTP status 503' },
    ],
    [
      'a frame that is cut off',
      answerWith(framed('world').subarray(0, 7), { 'grpc-status': '0' }),
      { kind: 'lost', reason: 'expected one frame of gRPC, got 7 bytes that are none' },
    ],
    [
      'no frame at all',
      answerWith(Buffer.alloc(0), { 'grpc-status': '0' }),
      { kind: 'lost', reason: 'expected one frame of gRPC, got 0 bytes that are none' },
    ],
    [
      'an end without a status',
      (stream) => {
        stream.respond({ ':status': 200 });
        stream.end(framed('world'));
      },
      { kind: 'lost', reason: 'the connection was lost' },
    ],
  ])('that gets %s says so', async (_, answer, result) => {
    const { session } = await sessionWith(answer);
    expect(await session.call(call, patienceMs)).toEqual(result);
  });

  it('is lost after its time, and the next one has the connection still', async () => {
    let answers = 0;
    const { session } = await sessionWith((stream, body) => {
      answers += 1;
      if (answers > 1) answerWith(framed('late'), { 'grpc-status': '0' })(stream, body);
    });
    expect(await session.call(call, 50)).toEqual({
      ...{ kind: 'lost', reason: 'no answer within 50 ms' },
    });
    expect(session.isOpen).toBe(true);
    expect(await session.call(call, patienceMs)).toMatchObject({ kind: 'ok' });
  });

  it('is lost with its connection, and the next one is not sent', async () => {
    const { session } = await sessionWith((stream) => stream.session?.destroy());
    expect(await session.call(call, patienceMs)).toMatchObject({ kind: 'lost' });
    expect(await session.call(call, patienceMs)).toEqual({
      ...{ kind: 'unsent', reason: 'the connection is closed' },
    });
  });

  it('has no connection where nobody listens', async () => {
    const { server } = await sessionWith(() => undefined);
    const { port } = server.address() as AddressInfo;
    for (const each of undo.splice(0)) each();
    await expect(openGrpc({ host: '127.0.0.1', port }, patienceMs)).rejects.toThrow(
      `no connection to 127.0.0.1:${port}: connect ECONNREFUSED`,
    );
  });
});
