import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Reply, Request } from '../../core/protocol.ts';
import { eventually } from '../testing/host-process.ts';
import { type RawClient, command, rawClient } from '../testing/raw-client.ts';
import type { Service } from './connection-options.ts';
import { type RespLimits, type RespServer, defaultRespLimits, respServer } from './server.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A service that answers when told to. */
interface Desk extends Service {
  readonly asked: { readonly request: Request; readonly id: number }[];
  readonly cancelled: number[];
  answer(id: number, reply: Reply): void;
}

function desk(): Desk {
  const waiting = new Map<number, (reply: Reply) => void>();
  const asked: { readonly request: Request; readonly id: number }[] = [];
  const cancelled: number[] = [];
  return {
    ...{ asked, cancelled, info: () => '', members: () => ['n1'], notReady: () => null },
    request(request, onReply) {
      const id = asked.length;
      asked.push({ request, id });
      waiting.set(id, onReply);
      return id;
    },
    cancel: (id) => void cancelled.push(id),
    answer: (id, reply) => waiting.get(id)?.(reply),
  };
}

interface Open {
  readonly service: Desk;
  readonly server: RespServer;
  readonly connect: () => Promise<RawClient>;
}

async function open(limits: Partial<RespLimits> = {}, service = desk()): Promise<Open> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { readonly port: number };
  await once(probe.close(), 'close');
  const address = { host: '127.0.0.1', port };
  const server = respServer(address, service, { ...defaultRespLimits, ...limits });
  await server.start();
  closers.push(() => server.close());
  const connect = async (): Promise<RawClient> => {
    const client = await rawClient(port);
    closers.unshift(() => void client.socket.destroy());
    return client;
  };
  return { service, server, connect };
}

const soonMs = 10_000;
const ok: Reply = { kind: 'ok', value: null };

describe('the RESP server', () => {
  it('replies in the order of the requests, whatever the order of the answers', async () => {
    const { service, connect } = await open();
    const client = await connect();
    client.send('GET a\r\nPING\r\nINCR b\r\n');
    await eventually('both requests', soonMs, () => service.asked.length === 2);
    service.answer(1, { kind: 'ok', value: 7 });
    service.answer(0, { kind: 'ok', value: 'x' });
    expect(await client.receive(18)).toBe('$1\r\nx\r\n+PONG\r\n:7\r\n');
  });

  it.each<[Reply, string]>([
    [{ kind: 'refused', reason: 'not-leader', leader: 'n2' }, '-NOTLEADER n2 this node does not'],
    [{ kind: 'refused', reason: 'not-leader' }, '-NOTLEADER ? this node does not lead'],
    [{ kind: 'refused', reason: 'overloaded' }, '-BUSY too much is under way'],
    [{ kind: 'refused', reason: 'no-session' }, '-NOSESSION the session is unknown'],
    [
      { kind: 'unknown', reason: 'a\r\nb' },
      '-UNKNOWN it may have taken effect or may do so yet: a b',
    ],
  ])('shows %j as an error', async (reply, expected) => {
    const { service, connect } = await open();
    const client = await connect();
    client.send('SET a 1\r\n');
    await eventually('the request', soonMs, () => service.asked.length === 1);
    service.answer(0, reply);
    expect((await client.receive(expected.length)).slice(0, expected.length)).toBe(expected);
  });

  it('puts the next write under a session, and only that one', async () => {
    const { service, connect } = await open();
    const client = await connect();
    client.send('SESSION USE 3 9\r\nGET a\r\nSET a 1\r\nSET a 2\r\n');
    await eventually('all requests', soonMs, () => service.asked.length === 3);
    expect(service.asked.map(({ request }) => request)).toEqual([
      { op: 'get', key: 'a' },
      { op: 'set', key: 'a', value: '1', session: 3, sequence: 9 },
      { op: 'set', key: 'a', value: '2' },
    ]);
  });

  it('takes up no more requests of one client than may be in flight', async () => {
    const { service, connect } = await open({ maxInFlight: 3 });
    const client = await connect();
    client.send('INCR a\r\n'.repeat(10));
    await eventually('three requests', soonMs, () => service.asked.length === 3);
    const other = await connect();
    other.send('PING\r\n');
    await other.receive(7);
    expect(service.asked).toHaveLength(3);
    for (let id = 0; id < 10; id++) {
      await eventually('the next request', soonMs, () => service.asked.length > id);
      service.answer(id, { kind: 'ok', value: id });
    }
    expect(await client.receive(40)).toBe([...Array(10).keys()].map((id) => `:${id}\r\n`).join(''));
  });

  it('cancels what a client that has gone was waiting for', async () => {
    const { service, connect } = await open();
    const client = await connect();
    client.send('INCR a\r\nINCR b\r\n');
    await eventually('both requests', soonMs, () => service.asked.length === 2);
    service.answer(0, { kind: 'ok', value: 1 });
    await client.receive(4);
    client.socket.resetAndDestroy();
    await eventually('the cancel', soonMs, () => service.cancelled.length > 0);
    expect(service.cancelled).toEqual([1]);
  });

  it('cancels, after a while, what a client that has closed its side was waiting for', async () => {
    const { service, connect } = await open({ lingerMs: 10 });
    const client = await connect();
    client.send('INCR a\r\n');
    client.socket.end();
    await eventually('the cancel', soonMs, () => service.cancelled.length > 0);
    expect(client.received()).toBe('');
  });

  it('turns away clients beyond the cap, and lets others in when some have left', async () => {
    const { connect, server } = await open({ maxClients: 2 });
    const first = await connect();
    await connect();
    const third = await connect();
    await third.closed();
    expect(third.received()).toBe('-ERR max number of clients reached\r\n');
    first.socket.destroy();
    await eventually('a place', soonMs, () => server.stats.clients === 1);
    const fourth = await connect();
    fourth.send('PING\r\n');
    await fourth.receive(7);
  });

  it('cuts off a client that never finishes its request, but not one that is idle', async () => {
    const { connect } = await open({ stallTimeoutMs: 300 });
    const idle = await connect();
    const dribbler = await connect();
    dribbler.send('*2\r\n$3\r\nGE');
    const dribble = setInterval(() => dribbler.send('x'), 100);
    closers.push(() => clearInterval(dribble));
    await dribbler.closed();
    expect(idle.isClosed()).toBe(false);
  });

  it('waits for the service as long as that takes', async () => {
    const { service, connect, server } = await open({ stallTimeoutMs: 1 });
    const client = await connect();
    const idle = await connect();
    client.send('SET a 1\r\n*1\r\n');
    idle.send('*1\r\n');
    // By then the sweep has come past the first client too.
    await idle.closed();
    expect(server.stats.clientsCutOff).toBe(1);
    service.answer(0, ok);
    expect(await client.receive(5)).toBe('+OK\r\n');
  });

  it('keeps all clients together within the memory budget', async () => {
    const { connect, server, service } = await open({ maxMemoryBytes: 4 << 20 });
    const value = 'v'.repeat(1 << 20);
    const clients: RawClient[] = [];
    for (let count = 0; count < 10; count++) {
      const client = await connect();
      client.send(command('SET', 'k', value));
      clients.push(client);
    }
    await eventually('every client to be dealt with', soonMs, () => {
      const over = clients.filter((client) => client.isClosed() || client.received() !== '');
      return over.length + service.asked.length === 10;
    });
    expect(service.asked.length).toBeLessThanOrEqual(4);
    expect(server.stats.heldBytes).toBeLessThanOrEqual(4 << 20);
    for (const { id } of service.asked) service.answer(id, ok);
    for (const client of clients) client.socket.destroy();
    await eventually('all memory to be given back', soonMs, () => server.stats.heldBytes === 0);
  });
});
