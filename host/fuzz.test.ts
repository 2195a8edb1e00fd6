import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rngOf } from '../core/rng.ts';
import { helloFrame, messageFrames } from './peers/hello.ts';
import {
  type HostProcess,
  clusterConfigs,
  eventually,
  launch,
  serving,
} from './testing/host-process.ts';
import { ask, command } from './testing/raw-client.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'dtest-fuzz-'));
let host: HostProcess;

beforeAll(async () => {
  // One node of two, so that there is a peer to pretend to be.
  const [config] = await clusterConfigs(2, { dataDir });
  host = launch(config!);
  await serving(host);
  await ask(host.clientPort, 'SET canary 1\r\n', '+OK\r\n');
});

afterAll(async () => {
  await host[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true });
});

const soonMs = 30_000;
const ports = ['client', 'http', 'peer'] as const;
type Port = (typeof ports)[number];

function portOf(port: Port): number {
  return { client: host.clientPort, http: host.httpPort, peer: host.peerPort }[port];
}

/** Both doors still open, and the process still small. */
async function expectWell(rssBefore: number, growthBytes: number): Promise<void> {
  expect(await ask(host.clientPort, 'GET canary\r\n', '$1\r\n1\r\n')).toBe('$1\r\n1\r\n');
  expect((await host.status()).id).toBe('n1');
  expect(host.rssBytes() - rssBefore).toBeLessThan(growthBytes);
}

/** Resolves with whichever of the events comes first. */
function first(socket: Socket, ...events: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    for (const event of events) socket.once(event, () => resolve());
  });
}

async function dial(port: Port): Promise<Socket> {
  const socket = connect(portOf(port), '127.0.0.1');
  socket.on('error', () => undefined).resume();
  await first(socket, 'connect', 'close');
  return socket;
}

/** Sends and hangs up, whatever the other side thinks of it. */
async function blurt(port: Port, bytes: Uint8Array): Promise<void> {
  const socket = await dial(port);
  socket.end(bytes);
  if (!socket.destroyed) await first(socket, 'end', 'close');
  socket.destroy();
}

const seed = 20_240_607;

/** Starts that get a parser going, for each port. */
const starts: Readonly<Record<Port, readonly Uint8Array[]>> = {
  client: [
    Buffer.from(command('SET', 'a', 'b')),
    Buffer.from('*3\r\n$3\r\nSET\r\n'),
    Buffer.from('*1000000\r\n'),
    Buffer.from('$5\r\n'),
    Buffer.from('GET "'),
    Buffer.from(command('HELLO', '2', 'SETNAME')),
  ],
  http: [
    Buffer.from('GET /status HTTP/1.1\r\nHost: x\r\n\r\n'),
    Buffer.from('POST /status HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n'),
    Buffer.from('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n'),
    Buffer.from(`GET / HTTP/1.1\r\nX: ${'y'.repeat(100_000)}\r\n`),
    Buffer.from('GET http://[ HTTP/1.1\r\n\r\n'),
  ],
  peer: [
    Buffer.from(helloFrame({ cluster: 'single:n1,n2', from: 'n2', to: 'n1' })),
    Buffer.concat([
      helloFrame({ cluster: 'single:n1,n2', from: 'n2', to: 'n1' }),
      messageFrames([Buffer.from('dd00ffffff', 'hex')]),
    ]),
    Buffer.concat([
      helloFrame({ cluster: 'single:n1,n2', from: 'n2', to: 'n1' }),
      Buffer.from('7fffffff06', 'hex'),
    ]),
    Buffer.from('ffffffff', 'hex'),
    Buffer.from('00000001', 'hex'),
  ],
};

/** What an idle connection leaves lying about: the beginning of something. */
const pieces: Readonly<Record<Port, string>> = {
  client: '*3\r\n$3\r\nSET\r\n$100\r\nx',
  http: 'GET /status HTTP/1.1\r\nX: y',
  peer: '\0\0\0\x50\x01',
};

describe.each(ports)('the %s port', (port) => {
  it(`outlives random bytes and broken starts (seed ${seed})`, { timeout: 60_000 }, async () => {
    const rng = rngOf(seed, port);
    const rssBefore = host.rssBytes();
    for (let round = 0; round < 30; round++) {
      await Promise.all(
        Array.from({ length: 10 }, async () => {
          const garbage = Uint8Array.from({ length: rng.int(0, 5000) }, () => rng.int(0, 255));
          const start = rng.float() < 0.3 ? new Uint8Array(0) : rng.pick(starts[port]);
          await blurt(port, Buffer.concat([start, garbage]));
        }),
      );
    }
    await expectWell(rssBefore, 150 << 20);
  });

  it('outlives requests that stop at every byte', { timeout: 60_000 }, async () => {
    const [whole = new Uint8Array(0)] = starts[port];
    const rssBefore = host.rssBytes();
    for (let length = 0; length <= whole.length; length++) {
      await blurt(port, whole.subarray(0, length));
    }
    await expectWell(rssBefore, 100 << 20);
  });

  it('outlives a flood of megabytes that mean nothing', { timeout: 60_000 }, async () => {
    const rssBefore = host.rssBytes();
    await Promise.all(
      Array.from({ length: 5 }, (_, at) => blurt(port, Buffer.alloc(20 << 20, 'A*\n$'.charAt(at)))),
    );
    await expectWell(rssBefore, 200 << 20);
  });
});

describe('a client that dribbles', () => {
  it.each(['http', 'peer'] as const)(
    'is cut off at the %s port',
    { timeout: 60_000 },
    async (port) => {
      const socket = await dial(port);
      const dribble = setInterval(() => socket.write(pieces[port].charAt(0)), 500);
      socket.write(pieces[port]);
      await eventually('the cut', soonMs, () => socket.destroyed);
      clearInterval(dribble);
    },
  );
});

const fileLimit = Number(execFileSync('sh', ['-c', 'ulimit -n']).toString()) || 1024;
/** This process holds the other end of each. */
const crowd = Math.min(10_000, fileLimit - 1500);

describe(`${crowd} idle connections, each with a piece of garbage`, () => {
  it(
    'leave the node serving, small, and with every file closed in the end',
    { timeout: 180_000 },
    async () => {
      const rssBefore = host.rssBytes();
      const filesBefore = host.openFiles();
      const sockets: Socket[] = [];
      for (const [port, count] of [
        ['client', crowd],
        ['peer', 400],
        ['http', 400],
      ] as const) {
        for (let at = 0; at < count; at += 100) {
          const some = await Promise.all(Array.from({ length: 100 }, () => dial(port)));
          for (const socket of some) socket.write(pieces[port]);
          sockets.push(...some);
        }
      }
      await eventually('the crowd to be let in', soonMs, async () => {
        return ((await host.status()).counters.respClients ?? 0) >= crowd;
      });
      await expectWell(rssBefore, 400 << 20);
      for (const socket of sockets) socket.destroy();
      await eventually(
        'the files to be closed',
        soonMs,
        () => host.openFiles() <= filesBefore + 20,
      );
      await expectWell(rssBefore, 400 << 20);
    },
  );
});
