import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Op, Outcome } from '../core/event.ts';
import type { Json } from '../core/json.ts';
import type { Client } from '../core/system.ts';
import { respClient } from './resp-client.ts';
import { openResp } from './resp-connection.ts';
import { clock } from './testing/clock.ts';
import { type ScriptedServer, type Step, scriptedServer } from './testing/scripted-server.ts';

let parts = new AsyncDisposableStack();

afterEach(async () => {
  await parts.disposeAsync();
  parts = new AsyncDisposableStack();
});

async function scripted(steps: readonly Step[], port = 0): Promise<ScriptedServer> {
  return parts.use(await scriptedServer(steps, port));
}

async function clientOf(
  { port }: ScriptedServer,
  timeoutMs = 5000,
  sessions = false,
): Promise<Client> {
  const open = (withinMs: number) => openResp({ host: '127.0.0.1', port }, withinMs);
  return parts.use(await respClient({ open, clock, timeoutMs, sessions }));
}

const read: Op = { op: 'read', key: 1, value: null };
const write: Op = { op: 'write', key: 1, value: 5 };

/** What the operation came to with this one reply, and what was sent. */
async function once(op: Op, reply: Step): Promise<{ outcome: Outcome; sent: string }> {
  const script = await scripted([reply]);
  const outcome = await (await clientOf(script)).invoke(op);
  return { outcome, sent: script.requests.join('') };
}

const wire = (...words: string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;

describe('an operation', () => {
  const ok = (value: Json): Outcome => ({ phase: 'ok', value });
  const cases: [string, Op, [sent: string, reply: string], Outcome][] = [
    ['reads', read, [wire('GET', '1'), '$1\r\n5\r\n'], ok(5)],
    ['reads an absent key as null', read, [wire('GET', '1'), '$-1\r\n'], ok(null)],
    [
      'reads appended values as a list',
      read,
      [wire('GET', '1'), '$8\r\n5\n"a"\n6\n\r\n'],
      ok([5, 'a', 6]),
    ],
    [
      'shows bytes that nobody wrote',
      read,
      [wire('GET', '1'), '$2\r\n\xff{\r\n'],
      ok({ unreadable: '\xff{' }),
    ],
    ['writes JSON', write, [wire('SET', '1', '5'), '+OK\r\n'], ok(5)],
    [
      'writes UTF-8',
      { op: 'write', key: 'ключ', value: '☃' },
      [wire('SET', '\xd0\xba\xd0\xbb\xd1\x8e\xd1\x87', '"\xe2\x98\x83"'), '+OK\r\n'],
      ok('☃'),
    ],
    [
      'compares and sets',
      { op: 'cas', key: 1, value: [1, 2] },
      [wire('CAS', '1', '1', '2'), '+OK\r\n'],
      ok([1, 2]),
    ],
    [
      'sets what is absent',
      { op: 'cas', key: 1, value: [null, 2] },
      [wire('SETNX', '1', '2'), ':1\r\n'],
      ok([null, 2]),
    ],
    [
      'fails to set what is there',
      { op: 'cas', key: 1, value: [null, 2] },
      [wire('SETNX', '1', '2'), ':0\r\n'],
      { phase: 'fail', error: 'CASFAIL the key exists' },
    ],
    [
      'appends a line',
      { op: 'append', key: 1, value: [1] },
      [wire('APPEND', '1', '[1]\n'), ':4\r\n'],
      ok([1]),
    ],
    ['counts', { op: 'add-and-get', key: 1, value: 1 }, [wire('INCR', '1'), ':7\r\n'], ok(7)],
    ['deletes', { op: 'delete', key: 1, value: null }, [wire('DEL', '1'), ':0\r\n'], ok(null)],
  ];

  it.each(cases)('%s', async (_, op, [sent, reply], outcome) => {
    expect(await once(op, reply)).toEqual({ outcome, sent });
  });

  it.each(['CASFAIL x', 'NOTLEADER n2', 'BUSY', 'NOSESSION', 'WRONGTYPE no integer'])(
    'that is refused with %s has failed',
    async (text) => {
      const { outcome } = await once(write, `-${text}\r\n`);
      expect(outcome).toEqual({ phase: 'fail', error: text });
    },
  );

  it.each(['-UNKNOWN timeout\r\n', '-ERR what\r\n', ':5\r\n', '+QUEUED\r\n', '$-1\r\n', '*-1\r\n'])(
    'that is answered %j is in doubt for a write, failed for a read',
    async (reply) => {
      expect((await once(write, reply)).outcome.phase).toBe('info');
      if (!reply.startsWith('$')) expect((await once(read, reply)).outcome.phase).toBe('fail');
    },
  );

  it.each([
    ['garbage', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['two replies', '+OK\r\n+OK\r\n'],
    ['a reply and half of another', '+OK\r\n$5\r\nab'],
    ['the end of the stream', (socket: Socket): void => void socket.end()],
    ['half a reply and the end', (socket: Socket): void => void socket.end('$5\r\nab')],
    ['a reset', (socket: Socket): void => void socket.resetAndDestroy()],
  ])('that gets %s is in doubt for a write, failed for a read', async (_, step) => {
    expect((await once(write, step)).outcome.phase).toBe('info');
    expect((await once(read, step)).outcome.phase).toBe('fail');
  });

  it('that the client does not know fails, and nothing is sent', async () => {
    const { outcome, sent } = await once({ op: 'txn', value: [] }, '+OK\r\n');
    expect({ phase: outcome.phase, sent }).toEqual({ phase: 'fail', sent: '' });
  });

  it('reads a reply that comes byte by byte', async () => {
    const text = '$6\r\n"a\xc3\xa9b"\r\n';
    const { outcome } = await once(read, (socket) => {
      const drip = (at: number): void => {
        if (at < text.length)
          socket.write(text.charAt(at), 'latin1', () => setImmediate(drip, at + 1));
      };
      drip(0);
    });
    expect(outcome).toEqual(ok('aéb'));
  });
});

describe('a client', () => {
  it('rejects when nobody listens', async () => {
    const script = await scripted([]);
    await script.stopListening();
    await expect(clientOf(script)).rejects.toThrow(
      /no connection to 127\.0\.0\.1:\d+: .*ECONNREFUSED/,
    );
  });

  it('never takes a late reply for the next one: a timeout ends the connection', async () => {
    let answerLate: (() => void) | undefined;
    const script = await scripted([
      (socket) => (answerLate = () => void socket.write('$1\r\n1\r\n')),
      (socket) => {
        answerLate?.();
        socket.write('$1\r\n2\r\n');
      },
    ]);
    const client = await clientOf(script, 100);
    expect(await client.invoke(read)).toEqual({ phase: 'fail', error: 'no reply within 100 ms' });
    expect(await client.invoke(read)).toEqual({ phase: 'ok', value: 2 });
    expect(script.connections).toBe(2);
  });

  it.each([
    ['garbage', 'nonsense\r\n'],
    ['a reply of the wrong kind', '$-1\r\n'],
    ['a second reply', '+OK\r\n+OK\r\n'],
    ['a reset', (socket: Socket): void => void socket.resetAndDestroy()],
  ])('connects again after %s', async (_, step) => {
    const script = await scripted([step, '$1\r\n9\r\n']);
    const client = await clientOf(script);
    expect((await client.invoke(write)).phase).toBe('info');
    expect(await client.invoke(read)).toEqual({ phase: 'ok', value: 9 });
    expect(script.connections).toBe(2);
  });

  it('leaves a connection on which the server spoke first', async () => {
    const script = await scripted(['+OK\r\n', '$1\r\n9\r\n']);
    const client = await clientOf(script);
    expect((await client.invoke(write)).phase).toBe('ok');
    for (const socket of script.sockets) socket.write('+OK\r\n');
    while ([...script.sockets].some((socket) => !socket.closed)) await new Promise(setImmediate);
    expect(await client.invoke(read)).toEqual({ phase: 'ok', value: 9 });
    expect(script.connections).toBe(2);
  });

  it('fails what it cannot send, and works again when the server is back', async () => {
    const first = await scripted([(socket) => void socket.resetAndDestroy()]);
    const client = await clientOf(first);
    await first.stopListening();
    expect((await client.invoke(write)).phase).toBe('info');
    const refused = await client.invoke(write);
    expect(refused).toMatchObject({
      phase: 'fail',
      error: expect.stringContaining('REFUSED') as string,
    });
    await scripted(['+OK\r\n'], first.port);
    expect((await client.invoke(write)).phase).toBe('ok');
  });

  it('does one operation at a time', async () => {
    const script = await scripted(['+OK\r\n']);
    const client = await clientOf(script);
    const [one, other] = await Promise.all([client.invoke(write), client.invoke(write)]);
    expect([one.phase, other.phase]).toEqual(['ok', 'fail']);
  });

  it('answers the operation under way when it is disposed of', async () => {
    const script = await scripted([() => undefined]);
    const client = await clientOf(script);
    const outcome = client.invoke(write);
    await client[Symbol.asyncDispose]();
    expect(await outcome).toEqual({ phase: 'info', error: 'this client closed the connection' });
    expect((await client.invoke(write)).phase).toBe('fail');
  });
});

describe('a client with sessions', () => {
  const opened = ':7\r\n';
  const used = (sequence: number, ...words: string[]): string =>
    wire('SESSION', 'USE', '7', String(sequence)) + wire(...words);
  const reset = (socket: Socket): void => void socket.resetAndDestroy();

  it('opens a session once, and numbers its writes', async () => {
    const script = await scripted([opened, '+OK\r\n+OK\r\n', '+OK\r\n:2\r\n', '$1\r\n5\r\n']);
    const client = await clientOf(script, 5000, true);
    expect(await client.invoke(write)).toEqual({ phase: 'ok', value: 5 });
    const incr: Op = { op: 'add-and-get', key: 1, value: 1 };
    expect(await client.invoke(incr)).toEqual({ phase: 'ok', value: 2 });
    expect((await client.invoke(read)).phase).toBe('ok');
    expect(script.requests).toEqual([
      wire('SESSION', 'OPEN'),
      used(1, 'SET', '1', '5'),
      used(2, 'INCR', '1'),
      wire('GET', '1'),
    ]);
  });

  it.each([
    ['a reset', reset],
    ['an unknown end', '+OK\r\n-UNKNOWN timed out\r\n'],
    ['a refusal', '+OK\r\n-NOTLEADER n2\r\n'],
  ])('sends a write again, under the same number, after %s', async (_, step) => {
    const script = await scripted([opened, step, '+OK\r\n+OK\r\n']);
    const client = await clientOf(script, 5000, true);
    expect((await client.invoke(write)).phase).toBe('ok');
    expect(script.requests.slice(1)).toEqual([used(1, 'SET', '1', '5'), used(1, 'SET', '1', '5')]);
  });

  it('takes the decision of the store on a repeated write for the whole of it', async () => {
    const script = await scripted([opened, reset, '+OK\r\n-CASFAIL no\r\n']);
    const client = await clientOf(script, 5000, true);
    const cas: Op = { op: 'cas', key: 1, value: [1, 2] };
    expect(await client.invoke(cas)).toEqual({ phase: 'fail', error: 'CASFAIL no' });
  });

  it('leaves a write in doubt when only a later attempt was refused', async () => {
    const refusing = Array.from({ length: 50 }, () => '+OK\r\n-NOTLEADER ?\r\n');
    const client = await clientOf(await scripted([opened, reset, ...refusing]), 300, true);
    expect((await client.invoke(write)).phase).toBe('info');
    const other = await clientOf(await scripted([opened, ...refusing]), 300, true);
    expect((await other.invoke(write)).phase).toBe('fail');
  });

  it('opens another session when the store forgot it, unless a write is in doubt', async () => {
    const forgot = '+OK\r\n-NOSESSION expired\r\n';
    const script = await scripted([opened, forgot, ':8\r\n', '+OK\r\n+OK\r\n']);
    expect((await (await clientOf(script, 5000, true)).invoke(write)).phase).toBe('ok');
    expect(script.requests[3]).toContain(wire('SESSION', 'USE', '8', '1'));
    const doubtful = await scripted([opened, reset, forgot]);
    expect((await (await clientOf(doubtful, 5000, true)).invoke(write)).phase).toBe('info');
  });

  it('stops after a surprise, when the write may have gone without the session', async () => {
    const script = await scripted([opened, '-ERR no\r\n+OK\r\n']);
    const client = await clientOf(script, 5000, true);
    expect((await client.invoke(write)).phase).toBe('info');
    expect(script.requests).toHaveLength(2);
  });

  it('waits longer for its session than for an answer to one attempt', async () => {
    const late = (socket: Socket): void => void setTimeout(() => socket.write(opened), 900);
    const client = await clientOf(await scripted([late, '+OK\r\n+OK\r\n']), 3000, true);
    expect((await client.invoke(write)).phase).toBe('ok');
  });

  it('fails a write for which no session could be opened', async () => {
    const script = await scripted(Array.from({ length: 50 }, () => '-BUSY\r\n'));
    const client = await clientOf(script, 200, true);
    expect((await client.invoke(write)).phase).toBe('fail');
  });
});
