import { once } from 'node:events';
import { type Server, type Socket, connect, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Address } from '../../core/cluster.ts';
import { rngOf } from '../../core/rng.ts';
import { encodePayload } from '../../wire/frame-payload.ts';
import { frameOf } from '../../wire/frame.ts';
import { eventually } from '../testing/host-process.ts';
import { frameKinds, helloFrame, messageFrames } from './hello.ts';
import type { PeerTransport } from './peer-transport.ts';
import { type TcpTransportLimits, tcpTransport } from './tcp-transport.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Member {
  readonly transport: PeerTransport;
  readonly heard: string[];
  readonly logged: string[];
}

const soonMs = 10_000;

async function freeAddress(): Promise<Address> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  await once(server.close(), 'close');
  return { host: '127.0.0.1', port };
}

interface MemberOptions {
  readonly cluster?: string;
  readonly accepts?: (text: string) => boolean;
  readonly limits?: Partial<TcpTransportLimits>;
}

async function member(
  self: string,
  at: Readonly<Record<string, Address>>,
  { cluster = 'test', accepts = () => true, limits = {} }: MemberOptions = {},
): Promise<Member> {
  const heard: string[] = [];
  const logged: string[] = [];
  const listen = at[self];
  if (listen === undefined) throw new Error(`expected an address for ${self}`);
  const transport = tcpTransport({
    ...{ self, nodes: ['n1', 'n2'], cluster, listen, peers: at, rng: rngOf(1, self) },
    log: (_level, message) => logged.push(message),
    limits,
  });
  await transport.start((from, payload) => {
    const text = `${from}: ${Buffer.from(payload).toString()}`;
    heard.push(text);
    return accepts(text);
  });
  closers.push(() => transport.close());
  return { transport, heard, logged };
}

async function addresses(): Promise<Readonly<Record<string, Address>>> {
  return { n1: await freeAddress(), n2: await freeAddress() };
}

function connected({ transport }: Member): Promise<void> {
  return eventually('a connection', soonMs, () => transport.stats.connected === 1);
}

/** A raw connection to a member's port, and whether it was closed. */
async function stranger(address: Address): Promise<{ socket: Socket; closed: () => boolean }> {
  const socket = connect(address);
  let closed = false;
  socket.on('error', () => undefined).on('close', () => (closed = true));
  socket.resume();
  closers.push(() => void socket.destroy());
  await once(socket, 'connect');
  return { socket, closed: () => closed };
}

describe('peers over TCP', () => {
  it('carry messages both ways, in order', async () => {
    const at = await addresses();
    const one = await member('n1', at);
    const two = await member('n2', at);
    await Promise.all([connected(one), connected(two)]);
    const texts = Array.from({ length: 500 }, (_, number) => `message ${number}`);
    for (const text of texts) one.transport.send('n2', Buffer.from(text));
    two.transport.send('n1', Buffer.from('back'));
    await eventually('the messages', soonMs, () => two.heard.length === 500);
    await eventually('the answer', soonMs, () => one.heard.length === 1);
    expect(two.heard).toEqual(texts.map((text) => `n1: ${text}`));
    expect(one.heard).toEqual(['n2: back']);
  });

  it('carry a message of many megabytes', async () => {
    const at = await addresses();
    const one = await member('n1', at);
    const two = await member('n2', at);
    await connected(one);
    const text = 'x'.repeat(15 << 20);
    one.transport.send('n2', Buffer.from(text));
    await eventually('the message', soonMs, () => two.heard.length === 1);
    expect(two.heard[0]).toHaveLength(text.length + 4);
  });

  it('drop what is sent to a peer that is not there, and find it when it comes', async () => {
    const at = await addresses();
    const one = await member('n1', at);
    one.transport.send('n2', Buffer.from('lost'));
    expect(one.transport.stats).toMatchObject({ connected: 0, droppedFrames: 1 });
    await eventually('a failed try', soonMs, () => one.logged.length > 0);
    const two = await member('n2', at);
    await connected(one);
    one.transport.send('n2', Buffer.from('found'));
    await eventually('the message', soonMs, () => two.heard.length === 1);
    expect(two.heard).toEqual(['n1: found']);
  });

  it('come back after the peer has restarted', async () => {
    const at = await addresses();
    const one = await member('n1', at);
    const two = await member('n2', at);
    await connected(one);
    await two.transport.close();
    await eventually('the loss', soonMs, () => one.transport.stats.connected === 0);
    const again = await member('n2', at);
    await connected(one);
    one.transport.send('n2', Buffer.from('again'));
    await eventually('the message', soonMs, () => again.heard.length === 1);
  });

  it('drop what a stalled link cannot take, and keep to the bound', async () => {
    const at = await addresses();
    // Welcomes, and then never reads.
    const server: Server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write(frameOf(Uint8Array.of(frameKinds.welcome)));
        socket.pause();
      });
      closers.push(() => void socket.destroy());
    }).listen(at.n2?.port, '127.0.0.1');
    closers.push(() => void server.close());
    const one = await member('n1', at, { limits: { maxQueueBytes: 1 << 20 } });
    await connected(one);
    const chunk = Buffer.alloc(100_000);
    for (let sent = 0; sent < 2000; sent++) {
      one.transport.send('n2', chunk);
      if (sent % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(one.transport.stats.droppedFrames).toBeGreaterThan(1000);
  });

  it('try a second connection beside one that is silent, and go over to it', async () => {
    const at = await addresses();
    let welcomed = 0;
    const server: Server = createServer((socket) => {
      socket.on('error', () => undefined).on('data', () => undefined);
      socket.once('data', () => {
        welcomed++;
        socket.write(frameOf(Uint8Array.of(frameKinds.welcome)));
      });
      closers.push(() => void socket.destroy());
    }).listen(at.n2?.port, '127.0.0.1');
    closers.push(() => void server.close());
    const one = await member('n1', at, { limits: { pingMs: 20, silenceMs: 100 } });
    await eventually('a second connection', soonMs, () => welcomed >= 2);
    expect(one.transport.stats.connected).toBe(1);
  });

  it('refuse members of another cluster, and say so', async () => {
    const at = await addresses();
    const one = await member('n1', at, { cluster: 'another' });
    await member('n2', at);
    await eventually('the refusal', soonMs, () =>
      one.logged.some((line) => line.includes('refused: expected a member of the same cluster')),
    );
    expect(one.transport.stats.connected).toBe(0);
  });

  it.each([
    ['an unknown node', helloFrame({ cluster: 'test', from: 'n9', to: 'n1' })],
    ['a caller for another node', helloFrame({ cluster: 'test', from: 'n2', to: 'n2' })],
    ['this very node', helloFrame({ cluster: 'test', from: 'n1', to: 'n1' })],
    ['a message without a hello', messageFrames([encodePayload('hello')])],
    ['another program', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['a frame too large for a hello', Buffer.from('00010000ff', 'hex')],
    ['a hello that is no payload', frameOf(Uint8Array.of(frameKinds.hello, 0xc1))],
  ])('hang up on %s', async (_, bytes) => {
    const at = await addresses();
    const one = await member('n1', at);
    const { socket, closed } = await stranger(at.n1!);
    socket.write(bytes);
    await eventually('the hang-up', soonMs, closed);
    expect(one.transport.stats.rejectedConnections).toBe(1);
    expect(one.heard).toEqual([]);
  });

  it('hang up on a stranger that says nothing, or dribbles', async () => {
    const at = await addresses();
    await member('n1', at, { limits: { handshakeTimeoutMs: 200 } });
    const silent = await stranger(at.n1!);
    const dribbler = await stranger(at.n1!);
    const dribble = setInterval(() => dribbler.socket.write(Uint8Array.of(0)), 150);
    closers.push(() => clearInterval(dribble));
    await eventually('both hang-ups', soonMs, () => silent.closed() && dribbler.closed());
  });

  it('hang up on a peer whose message is none', async () => {
    const at = await addresses();
    const one = await member('n1', at, { accepts: () => false });
    const { socket, closed } = await stranger(at.n1!);
    socket.write(helloFrame({ cluster: 'test', from: 'n2', to: 'n1' }));
    socket.write(messageFrames([Buffer.from('nonsense')]));
    await eventually('the hang-up', soonMs, closed);
    expect(one.transport.stats.rejectedConnections).toBe(1);
  });

  it('let members in while strangers fill every place', async () => {
    const at = await addresses();
    await member('n1', at, { limits: { maxInboundConnections: 5 } });
    for (let count = 0; count < 20; count++) await stranger(at.n1!);
    const two = await member('n2', at);
    await connected(two);
  });
});
