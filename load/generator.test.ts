import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { Load } from '../core/bench.ts';
import { measuredIn } from './figures/measured.ts';
import { type Generated, loadGenerator } from './generator.ts';
import type { LoadJob } from './job.ts';
import { judgeColumns } from './judge/judge-columns.ts';

let parts = new AsyncDisposableStack();

afterEach(async () => {
  await parts.disposeAsync();
  parts = new AsyncDisposableStack();
});

interface RespMap {
  readonly port: number;
  /** Answers nothing for so long; what comes meanwhile is answered afterwards. */
  stall(forMs: number): void;
  /** From now on reads get what was written before last. */
  lie(): void;
  cutAll(): void;
}

/** A map over RESP. */
async function respMap(): Promise<RespMap> {
  const values = new Map<string, string>();
  const older = new Map<string, string>();
  const sockets = new Set<Socket>();
  let stalledUntilMs = 0;
  let lies = false;
  const answerTo = ([name = '', key = '', value = '']: readonly string[]): string => {
    if (name === 'SET') {
      older.set(key, values.get(key) ?? value);
      values.set(key, value);
      return '+OK\r\n';
    }
    const found = (lies ? older : values).get(key);
    return found === undefined ? '$-1\r\n' : `$${found.length}\r\n${found}\r\n`;
  };
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    let unread = '';
    let answers = '';
    const answer = (): void => {
      if (answers === '') return;
      const leftMs = stalledUntilMs - performance.now();
      if (leftMs > 0) {
        setTimeout(answer, leftMs);
        return;
      }
      socket.write(answers);
      answers = '';
    };
    socket.on('data', (bytes) => {
      const { requests, rest } = requestsIn(unread + bytes.toString('latin1'));
      unread = rest;
      for (const words of requests) answers += answerTo(words);
      answer();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  parts.defer(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    port: (server.address() as AddressInfo).port,
    stall: (forMs) => (stalledUntilMs = performance.now() + forMs),
    lie: () => (lies = true),
    cutAll: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Arrays of bulk strings without line breaks in them, and what is left of one that has not come whole. */
function requestsIn(text: string): { requests: readonly string[][]; rest: string } {
  const lines = text.split('\r\n');
  const requests: string[][] = [];
  let at = 0;
  for (;;) {
    const end = at + 1 + 2 * Number(lines[at]?.slice(1));
    // The last line is what no line break follows.
    if (!(end < lines.length)) return { requests, rest: lines.slice(at).join('\r\n') };
    requests.push(lines.slice(at + 1, end).filter((_, place) => place % 2 === 1));
    at = end;
  }
}

interface Wanted {
  readonly load: Load;
  readonly seconds: number;
  readonly threads?: number;
  readonly own?: Partial<LoadJob>;
  readonly during?: (map: RespMap) => void;
}

interface Round extends Generated {
  readonly fromNs: number;
  readonly untilNs: number;
}

async function round({ load, seconds, threads = 1, own = {}, during }: Wanted): Promise<Round> {
  const map = await respMap();
  const generator = parts.use(loadGenerator(threads));
  const epochNs = process.hrtime.bigint();
  const job: LoadJob = {
    ...{ system: 'raft', settings: {}, load, valueBytes: 16, timeoutMs: 5000, seed: 1 },
    nodes: [{ id: 'n1', addresses: { client: { host: '127.0.0.1', port: map.port } } }],
    mix: { name: 'r0.5', shares: { read: 0.5, write: 0.5 } },
    keys: { distribution: 'uniform', count: 50 },
    journalFolder: null,
    ...own,
  };
  await generator.prepare(job, epochNs);
  const fromNs = Number(process.hrtime.bigint() - epochNs) + 2e7;
  const untilNs = fromNs + seconds * 1e9;
  const timer = setTimeout(() => during?.(map), 300);
  const generated = await generator.go(fromNs, untilNs);
  clearTimeout(timer);
  return { ...generated, fromNs, untilNs: Infinity };
}

it('a server that stalls for a second shows in the percentiles of an open loop', async () => {
  const { columns, fromNs, untilNs, threads } = await round({
    load: { kind: 'open', clients: 4, rate: 400, arrivals: 'constant' },
    seconds: 2.5,
    during: (map) => map.stall(1000),
  });
  const { all, counts } = measuredIn(columns, fromNs, untilNs);
  const unissued = threads.reduce((sum, each) => sum + each.unissued, 0);
  // None of the operations that were due in the stall is left out.
  expect(counts.ok + counts.fail + counts.info + unissued).toBe(1000);
  // Two fifths of them were due then, and waited for half a second in the mean.
  expect(all.maxMs).toBeGreaterThan(900);
  expect(all.percentileMs(75)).toBeGreaterThan(150);
  expect(all.percentileMs(90)).toBeGreaterThan(500);
});

it('the same stall touches one operation of each client in a closed loop, as must be known', async () => {
  const { columns, fromNs, untilNs } = await round({
    load: { kind: 'closed', clients: 4 },
    seconds: 2,
    during: (map) => map.stall(1000),
  });
  const { all } = measuredIn(columns, fromNs, untilNs);
  expect(all.maxMs).toBeGreaterThan(900);
  expect(all.percentileMs(50)).toBeLessThan(500);
});

it('all that several threads did is one linearizable history', async () => {
  const { columns } = await round({
    ...{ load: { kind: 'closed', clients: 5 }, threads: 2, seconds: 0.5 },
    own: { mix: { name: 'all', shares: { read: 3, write: 3, insert: 1, scan: 1, modify: 1 } } },
  });
  expect(new Set(columns.process).size).toBeGreaterThan(4);
  expect(await judgeColumns(columns)).toMatchObject({ valid: 'valid' });
});

it('a store that answers with old values is convicted', async () => {
  const { columns } = await round({
    ...{ load: { kind: 'closed', clients: 4 }, seconds: 1, during: (map: RespMap) => map.lie() },
  });
  expect(await judgeColumns(columns)).toMatchObject({ valid: 'invalid' });
});

it('clients whose connections are cut go on, under other processes where a write is in doubt', async () => {
  const { columns, fromNs, untilNs } = await round({
    ...{ load: { kind: 'closed', clients: 8 }, seconds: 1 },
    own: { mix: { name: 'r0', shares: { write: 1 } } },
    during: (map) => map.cutAll(),
  });
  const { counts, commonestError } = measuredIn(columns, fromNs, untilNs);
  expect(counts.info).toBeGreaterThan(0);
  expect(commonestError).toMatch(/closed the connection|ECONNRESET/);
  expect(new Set(columns.process).size).toBeGreaterThan(8);
  expect(await judgeColumns(columns)).toMatchObject({ valid: 'valid' });
});

it('an operation without an answer ends when its time is over', async () => {
  const { columns, fromNs, untilNs } = await round({
    ...{ load: { kind: 'closed', clients: 2 }, seconds: 1 },
    own: { timeoutMs: 200 },
    during: (map) => map.stall(20_000),
  });
  const { commonestError } = measuredIn(columns, fromNs, untilNs);
  expect(commonestError).toContain('no answer within 200 ms');
});

it('the journal is on disk while the round goes on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dtest-load-'));
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  const { threads, columns } = await round({
    ...{ load: { kind: 'closed', clients: 2 }, seconds: 0.3, threads: 2 },
    own: { journalFolder: folder },
  });
  expect((await readdir(folder)).sort()).toEqual(['thread-0.ops', 'thread-1.ops']);
  expect(threads.every(({ journal }) => journal === null)).toBe(true);
  expect(columns.count).toBeGreaterThan(100);
});

it('a system that cannot be reached is named before any time is measured', async () => {
  const generator = parts.use(loadGenerator(1));
  const job = { system: 'nobody' } as unknown as LoadJob;
  const prepared = generator.prepare(
    {
      ...job,
      keys: { distribution: 'uniform', count: 1 },
      load: { kind: 'closed', clients: 1 },
      nodes: [],
      journalFolder: null,
      valueBytes: 16,
      seed: 1,
      timeoutMs: 100,
      mix: { name: 'r1', shares: { read: 1 } },
      settings: {},
    },
    process.hrtime.bigint(),
  );
  await expect(prepared).rejects.toThrow('expected a system, one of');
});
