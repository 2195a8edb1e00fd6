import { type Http2Session, type ServerHttp2Stream, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { LoadClient } from '../../core/load-client.ts';
import { etcdLoadClient } from './load-client.ts';
import { bytesField, message } from './protobuf.ts';

const undo: (() => void)[] = [];
afterEach(() => {
  for (const each of undo.splice(0)) each();
});

type Ended = [phase: string, result: string | null, error: string];

interface Stage {
  /** Open connections. */
  readonly sessions: Set<Http2Session>;
  /** Streams that wait for `answer`, the oldest first. */
  readonly asked: ServerHttp2Stream[];
  readonly client: () => { readonly client: LoadClient; readonly next: () => Promise<Ended> };
}

async function stage(): Promise<Stage> {
  const sessions = new Set<Http2Session>();
  const asked: ServerHttp2Stream[] = [];
  const server = createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    stream.resume();
    stream.on('end', () => asked.push(stream));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  undo.push(() => server.close());
  return {
    ...{ sessions, asked },
    client() {
      const ended: Ended[] = [];
      let wake = (): void => undefined;
      const client = etcdLoadClient(() => ({ host: '127.0.0.1', port }), false, {
        timeoutMs: 10_000,
        onEnd(...outcome) {
          ended.push(outcome);
          wake();
        },
      });
      undo.unshift(() => client.close());
      return {
        client,
        async next() {
          if (ended.length === 0) await new Promise<void>((resolve) => (wake = resolve));
          return ended.shift()!;
        },
      };
    },
  };
}

function answer(stream: ServerHttp2Stream | undefined, body: Uint8Array): void {
  const frame = Buffer.concat([Buffer.from([0, 0, 0, 0, body.length]), body]);
  stream?.respond({ ':status': 200 }, { waitForTrailers: true });
  stream?.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream?.end(frame);
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const value = (text: string): Uint8Array => message(bytesField(2, bytesField(5, text)));

describe('a client of etcd that generates load', () => {
  it('shares its connection with the others, and has its own answers', async () => {
    const { asked, sessions, client } = await stage();
    const [one, other] = [client(), client()];
    one.client.read('a');
    await until(() => asked.length === 1);
    other.client.read('b');
    await until(() => asked.length === 2);
    expect(sessions.size).toBe(1);
    answer(asked[1], value('of b'));
    answer(asked[0], value('of a'));
    expect(await other.next()).toEqual(['ok', 'of b', '']);
    expect(await one.next()).toEqual(['ok', 'of a', '']);
  });

  it('takes no late answer for that of the next operation', async () => {
    const { asked, client } = await stage();
    const one = client();
    one.client.write('a', '1');
    await until(() => asked.length === 1);
    one.client.abandon('too slow');
    expect(await one.next()).toEqual(['info', null, 'too slow']);
    one.client.read('a');
    await until(() => asked.length === 2);
    answer(asked[0], new Uint8Array(0));
    answer(asked[1], value('2'));
    expect(await one.next()).toEqual(['ok', '2', '']);
  });

  it('is in doubt of a write whose connection is lost, and connects again', async () => {
    const { asked, sessions, client } = await stage();
    const one = client();
    one.client.write('a', '1');
    await until(() => asked.length === 1);
    for (const session of sessions) session.destroy();
    expect((await one.next())[0]).toBe('info');
    one.client.write('a', '2');
    await until(() => asked.length === 2);
    answer(asked[1], new Uint8Array(0));
    expect(await one.next()).toEqual(['ok', null, '']);
  });

  it('closes the connection when the last of those who share it closes', async () => {
    const { asked, sessions, client } = await stage();
    const [one, other] = [client(), client()];
    one.client.read('a');
    await until(() => asked.length === 1);
    one.client.close();
    expect(sessions.size).toBe(1);
    other.client.close();
    await until(() => sessions.size === 0);
  });
});
