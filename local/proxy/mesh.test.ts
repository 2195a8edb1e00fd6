import { once } from 'node:events';
import { type Server, type Socket, connect, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Address, Link } from '../../core/cluster.ts';
import { eventually } from '../fixtures/heartbeats.ts';
import { listen } from './forwarder.ts';
import { type Mesh, openMesh } from './mesh.ts';

const there: Link = { from: 'a', to: 'b' };
const back: Link = { from: 'b', to: 'a' };

/** Node b, which a dials through a mesh of two links. */
interface Pair {
  readonly mesh: Mesh;
  readonly server: Server;
  readonly dial: Address;
  /** Every connection that reached b, with all that came over it. */
  readonly arrivals: readonly { readonly socket: Socket; readonly text: () => string }[];
}

const opened: (Socket | Server)[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) {
    if ('destroy' in each) each.destroy();
    else each.close();
  }
});

async function openPair(): Promise<Pair> {
  const arrivals: { socket: Socket; text: () => string }[] = [];
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    opened.push(socket);
    socket.on('error', () => undefined);
    arrivals.push({ socket, text: gather(socket) });
  });
  opened.push(server);
  const ports = { peer: await listen(server) };
  const mesh = await openMesh([
    { link: there, ports },
    { link: back, ports: {} },
  ]);
  const dial = mesh.dial[0]?.ports.peer;
  if (dial === undefined) throw new Error('expected an address to dial');
  return { mesh, server, dial, arrivals };
}

function gather(socket: Socket): () => string {
  let text = '';
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  return () => text;
}

async function dialled(address: Address): Promise<Socket> {
  const socket = connect({ ...address, noDelay: true, allowHalfOpen: true });
  opened.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** An open connection from a to b with both of its ends. */
async function connected(pair: Pair): Promise<{ near: Socket; far: Socket; heard: () => string }> {
  const before = pair.arrivals.length;
  const near = await dialled(pair.dial);
  await eventually('the connection to arrive', () => pair.arrivals.length > before);
  const arrival = pair.arrivals[before]!;
  return { near, far: arrival.socket, heard: arrival.text };
}

describe('a cut', () => {
  it('of the way there holds what the dialler sends and lets replies through', async () => {
    const pair = await openPair();
    const { near, far, heard } = await connected(pair);
    const replies = gather(near);
    await pair.mesh.apply([there]);
    near.write('question');
    far.write('reply');
    await eventually('the reply', () => replies() === 'reply');
    await eventually('the question to be held', () => pair.mesh.held() > 0);
    expect(heard()).toBe('');
    await pair.mesh.apply([]);
    await eventually('the question', () => heard() === 'question');
  });

  it('of the way back holds replies and lets through what the dialler sends', async () => {
    const pair = await openPair();
    const { near, far, heard } = await connected(pair);
    const replies = gather(near);
    await pair.mesh.apply([back]);
    near.write('question');
    far.write('reply');
    await eventually('the question', () => heard() === 'question');
    await eventually('the reply to be held', () => pair.mesh.held() > 0);
    expect(replies()).toBe('');
    await pair.mesh.apply([]);
    await eventually('the reply', () => replies() === 'reply');
  });

  it.each([{ cut: [there] }, { cut: [back] }, { cut: [there, back] }])(
    'lets no new connection arrive before the heal: $cut.length links',
    async ({ cut }) => {
      const pair = await openPair();
      await pair.mesh.apply(cut);
      const near = await dialled(pair.dial);
      near.write('hello');
      await eventually('the attempt to be held', () => pair.mesh.held() > 0);
      expect(pair.arrivals).toEqual([]);
      near.write(' world');
      await pair.mesh.apply([]);
      await eventually('the greeting', () => pair.arrivals[0]?.text() === 'hello world');
    },
  );

  it('leaves no trace of a dialler that gave up before the heal', async () => {
    const pair = await openPair();
    await pair.mesh.apply([there]);
    const near = await dialled(pair.dial);
    near.write('hello');
    near.end();
    await once(near.resume(), 'close');
    await pair.mesh.apply([]);
    const { heard, near: second } = await connected(pair);
    second.write('second');
    await eventually('the second', () => heard() === 'second');
    expect(pair.arrivals).toHaveLength(1);
  });

  it('keeps the end of a connection from the other side until the heal', async () => {
    const pair = await openPair();
    const { near, far, heard } = await connected(pair);
    let ended = false;
    far.on('end', () => (ended = true));
    await pair.mesh.apply([there]);
    near.end('goodbye');
    await eventually('bytes and end to be held', () => pair.mesh.held() >= 2);
    expect([heard(), ended]).toEqual(['', false]);
    await pair.mesh.apply([]);
    await eventually('the end', () => ended);
    expect(heard()).toBe('goodbye');
  });

  it('keeps a reset from the other side until the heal', async () => {
    const pair = await openPair();
    const { near, far } = await connected(pair);
    await pair.mesh.apply([there]);
    near.resetAndDestroy();
    await eventually('the reset to be held', () => pair.mesh.held() > 0);
    expect(far.destroyed).toBe(false);
    await pair.mesh.apply([]);
    await eventually('the reset', () => far.destroyed);
  });

  it('makes a long sender feel back pressure and delivers every byte after the heal', async () => {
    const pair = await openPair();
    const { near, far } = await connected(pair);
    let arrivedBytes = 0;
    far.on('data', (bytes: Buffer) => (arrivedBytes += bytes.length));
    await pair.mesh.apply([there]);
    const chunk = Buffer.alloc(64 * 1024, 'x');
    let sentBytes = 0;
    // Kernel buffers hold some megabytes; a proxy without a bound would take all sixty-four.
    while (sentBytes < 64 * 1024 * 1024 && near.writableLength < 4 * chunk.length) {
      near.write(chunk);
      sentBytes += chunk.length;
      await new Promise(setImmediate);
    }
    expect(near.writableLength).toBeGreaterThan(0);
    expect(arrivedBytes).toBe(0);
    await pair.mesh.apply([]);
    await eventually('every byte', () => arrivedBytes === sentBytes);
  });

  it('can be repeated and replaced, the last state being the one in force', async () => {
    const pair = await openPair();
    for (const cut of [[there], [there], [back], [back, there], [], [], [there]]) {
      expect(await pair.mesh.apply(cut)).toMatchObject({ probes: 4, mechanism: 'proxy' });
    }
    await dialled(pair.dial);
    await eventually('the attempt to be held', () => pair.mesh.held() > 0);
    expect(pair.arrivals).toEqual([]);
  });
});

describe('a healthy link', () => {
  it('keeps the other way open after an end', async () => {
    const { near, far, heard } = await connected(await openPair());
    const replies = gather(near);
    near.end('question');
    await eventually('the question', () => heard() === 'question');
    far.end('late reply');
    await eventually('the reply', () => replies() === 'late reply');
    await eventually('both ends to close', () => near.destroyed && far.destroyed);
  });

  it.each(['near', 'far'] as const)('passes on a reset of the %s end', async (resetEnd) => {
    const { near, far } = await connected(await openPair());
    const [resetting, other] = resetEnd === 'near' ? [near, far] : [far, near];
    const reset = once(other, 'error') as Promise<[NodeJS.ErrnoException]>;
    resetting.resetAndDestroy();
    expect((await reset)[0].code).toBe('ECONNRESET');
  });

  it('resets the dialler when nobody listens, and works again once somebody does', async () => {
    const pair = await openPair();
    const { port } = pair.server.address() as { port: number };
    pair.server.close();
    const near = connect({ ...pair.dial });
    const [error] = (await once(near, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
    pair.server.listen(port, '127.0.0.1');
    await once(pair.server, 'listening');
    await connected(pair);
    expect(await pair.mesh.apply([])).toMatchObject({ probes: 4 });
  });

  it('counts nothing as held, whatever passes', async () => {
    const pair = await openPair();
    const { near, heard } = await connected(pair);
    near.write('question');
    await eventually('the question', () => heard() === 'question');
    expect(pair.mesh.held()).toBe(0);
  });
});
