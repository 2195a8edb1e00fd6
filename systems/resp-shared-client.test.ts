import { afterEach, describe, expect, it } from 'vitest';
import type { LoadClient } from '../core/load-client.ts';
import { respSharedClient } from './resp-shared-client.ts';
import { type ScriptedServer, type Step, scriptedServer } from './testing/scripted-server.ts';

let parts = new AsyncDisposableStack();

afterEach(async () => {
  await parts.disposeAsync();
  parts = new AsyncDisposableStack();
});

type End = readonly [phase: string, result: string | null, error: string];

interface Asking {
  readonly client: LoadClient;
  /** How the operation that is begun in `act` ends. */
  readonly ended: (act: (client: LoadClient) => void) => Promise<End>;
}

function clientOf({ port }: Pick<ScriptedServer, 'port'>): Asking {
  let tell = (_: End): void => undefined;
  const client: LoadClient = respSharedClient(() => ({ host: '127.0.0.1', port }), {
    timeoutMs: 5000,
    onEnd: (...end) => tell(end),
  });
  parts.defer(() => client.close());
  return {
    client,
    ended: (act) =>
      new Promise((resolve) => {
        tell = resolve;
        act(client);
      }),
  };
}

const scripted = async (steps: readonly Step[]): Promise<ScriptedServer> =>
  parts.use(await scriptedServer(steps));

const read = (client: LoadClient): void => client.read('k1');
const write = (client: LoadClient): void => client.write('k1', 'value');
const readText = '*2\r\n$3\r\nGET\r\n$2\r\nk1\r\n';
const writeText = '*3\r\n$3\r\nSET\r\n$2\r\nk1\r\n$5\r\nvalue\r\n';

it('asks together with others, on one connection, and each gets its own answer', async () => {
  const server = await scripted(['+OK\r\n$3\r\none\r\n$-1\r\n', '$3\r\ntwo\r\n']);
  const [first, second, third] = [clientOf(server), clientOf(server), clientOf(server)];
  const ends = await Promise.all([first.ended(write), second.ended(read), third.ended(read)]);
  expect(ends).toEqual([
    ['ok', null, ''],
    ['ok', 'one', ''],
    ['ok', null, ''],
  ]);
  expect(await second.ended(read)).toEqual(['ok', 'two', '']);
  expect(server.requests).toEqual([writeText + readText + readText, readText]);
  expect(server.connections).toBe(1);
});

it('begins its next operation from within the answer to the last', async () => {
  const server = await scripted(['$1\r\na\r\n', '+OK\r\n']);
  const { ended } = clientOf(server);
  expect(await ended(read).then(() => ended(write))).toEqual(['ok', null, '']);
});

it('tells errors apart, and goes on behind them', async () => {
  const server = await scripted(['-NOTLEADER n2\r\n-UNKNOWN timeout\r\n-UNKNOWN x\r\n+OK\r\n']);
  const clients = [clientOf(server), clientOf(server), clientOf(server), clientOf(server)];
  const ends = clients.map(({ ended }, at) => ended(at === 2 ? read : write));
  expect(await Promise.all(ends)).toEqual([
    ['fail', null, 'NOTLEADER n2'],
    ['info', null, 'UNKNOWN timeout'],
    ['fail', null, 'UNKNOWN x'],
    ['ok', null, ''],
  ]);
});

it('takes answers that come in pieces', async () => {
  const server = await scripted([
    (socket) => {
      socket.write('+OK\r\n$5\r\nva');
      setTimeout(() => socket.write('lue\r\n+O'), 20);
      setTimeout(() => socket.write('K\r\n'), 40);
    },
    '$1\r\na\r\n',
  ]);
  const [first, second, third] = [clientOf(server), clientOf(server), clientOf(server)];
  const ends = [first.ended(write), second.ended(read), third.ended(write)];
  expect(await Promise.all(ends)).toEqual([
    ['ok', null, ''],
    ['ok', 'value', ''],
    ['ok', null, ''],
  ]);
  expect(await first.ended(read)).toEqual(['ok', 'a', '']);
});

describe('a surprise', () => {
  // How a read and then a write end that were asked together.
  const surprises: [what: string, answer: string, phases: readonly string[]][] = [
    ['more than was asked for', '$1\r\na\r\n+OK\r\n+OK\r\n', ['ok', 'ok']],
    ['the beginning of more', '$1\r\na\r\n+OK\r\n+', ['ok', 'ok']],
    ['another kind of answer, the second', '$1\r\na\r\n:1\r\n', ['ok', 'info']],
    ['another kind of answer', ':1\r\n+OK\r\n', ['fail', 'info']],
    ['a length with a zero before it', '$01\r\na\r\n+OK\r\n', ['fail', 'info']],
    ['no line break where one belongs', '$1\r\nabc\r\n+OK\r\n', ['fail', 'info']],
    ['no RESP', 'HTTP/1.1 400 Bad Request\r\n\r\n', ['fail', 'info']],
  ];

  it.each(surprises)('(%s) is the end of the connection', async (_, answer, phases) => {
    const server = await scripted([answer, '+OK\r\n']);
    const [first, second] = [clientOf(server), clientOf(server)];
    const ends = await Promise.all([first.ended(read), second.ended(write)]);
    expect(ends.map(([phase]) => phase)).toEqual(phases);
    expect(await first.ended(write)).toEqual(['ok', null, '']);
    expect(server.connections).toBe(2);
  });
});

it('leaves writes in doubt that were sent and not answered, and no reads', async () => {
  const server = await scripted([(socket) => socket.destroy()]);
  const [first, second] = [clientOf(server), clientOf(server)];
  const ends = await Promise.all([first.ended(read), second.ended(write)]);
  expect(ends.map(([phase]) => phase)).toEqual(['fail', 'info']);
});

it('that reaches nobody has certainly done nothing', async () => {
  const { port, [Symbol.asyncDispose]: end } = await scriptedServer([]);
  await end();
  const [phase, , error] = await clientOf({ port }).ended(write);
  expect(phase).toBe('fail');
  expect(error).toContain('ECONNREFUSED');
});

describe('an operation that takes too long', () => {
  it('is given up alone: the others get their answers, and what is asked next goes elsewhere', async () => {
    const later: (() => void)[] = [];
    const server = await scripted([
      (socket) => later.push(() => socket.write('$1\r\nb\r\n+OK\r\n')),
      '$1\r\nc\r\n',
    ]);
    const [first, second] = [clientOf(server), clientOf(server)];
    const other = second.ended(read);
    const lost = await first.ended((client) => {
      client.write('k1', 'value');
      setTimeout(() => client.abandon('no answer within 50 ms'), 50);
    });
    expect(lost).toEqual(['info', null, 'no answer within 50 ms']);
    expect(await first.ended(read)).toEqual(['ok', 'c', '']);
    expect(server.connections).toBe(2);
    for (const answer of later) answer();
    expect(await other).toEqual(['ok', 'b', '']);
  });

  it('ends a connection on which nobody waits for anything else', async () => {
    const server = await scripted([() => undefined]);
    const { ended } = clientOf(server);
    const closed = new Promise((resolve) => {
      setTimeout(() => {
        for (const socket of server.sockets) socket.once('close', resolve);
      }, 30);
    });
    const lost = await ended((client) => {
      client.read('k1');
      setTimeout(() => client.abandon('late'), 60);
    });
    expect(lost).toEqual(['fail', null, 'late']);
    await closed;
  });
});

it('is closed without another word', async () => {
  const server = await scripted([() => undefined]);
  const { client } = clientOf(server);
  client.read('k1');
  client.close();
  client.close();
  expect(() => client.read('k1')).toThrow('expected an open, idle client');
});
