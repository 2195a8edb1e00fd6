import { afterEach, describe, expect, it } from 'vitest';
import type { LoadClient } from '../core/load-client.ts';
import { respLoadClient } from './resp-load-client.ts';
import { type ScriptedServer, type Step, scriptedServer } from './testing/scripted-server.ts';

let parts = new AsyncDisposableStack();

afterEach(async () => {
  await parts.disposeAsync();
  parts = new AsyncDisposableStack();
});

type End = readonly [phase: string, result: string | null, error: string];

/** A client whose next end can be awaited. */
function clientOf({ port }: Pick<ScriptedServer, 'port'>) {
  let tell = (_: End): void => undefined;
  const client: LoadClient = respLoadClient(() => ({ host: '127.0.0.1', port }), {
    timeoutMs: 5000,
    onEnd: (...end) => tell(end),
  });
  parts.defer(() => client.close());
  const ended = (act: () => void): Promise<End> =>
    new Promise((resolve) => {
      tell = resolve;
      act();
    });
  return {
    client,
    read: () => ended(() => client.read('k1')),
    write: () => ended(() => client.write('k1', 'value')),
    ended,
  };
}

const scripted = async (steps: readonly Step[]): Promise<ScriptedServer> =>
  parts.use(await scriptedServer(steps));

describe('an answer', () => {
  const cases: [string, 'read' | 'write', string, End][] = [
    ['is a value', 'read', '$5\r\nvalue\r\n', ['ok', 'value', '']],
    ['is an empty value', 'read', '$0\r\n\r\n', ['ok', '', '']],
    ['is the absence of one', 'read', '$-1\r\n', ['ok', null, '']],
    ['says that a write was done', 'write', '+OK\r\n', ['ok', null, '']],
    ['refuses a write', 'write', '-NOTLEADER n2\r\n', ['fail', null, 'NOTLEADER n2']],
    ['leaves a write in doubt', 'write', '-UNKNOWN timeout\r\n', ['info', null, 'UNKNOWN timeout']],
    [
      'is an error to a read, which changed nothing',
      'read',
      '-UNKNOWN x\r\n',
      ['fail', null, 'UNKNOWN x'],
    ],
  ];

  it.each(cases)('%s', async (_, kind, answer, end) => {
    expect(await clientOf(await scripted([answer]))[kind]()).toEqual(end);
  });

  const surprises: [string, string][] = [
    ['more than was asked for', '$1\r\na\r\n$1\r\nb\r\n'],
    ['a length with a zero before it', '$01\r\na\r\n'],
    ['no line break where one belongs', '$1\r\nabc\r\n'],
    ['another kind of answer', ':1\r\n'],
    ['no RESP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ];

  it.each(surprises)('that is %s is none', async (_, answer) => {
    const [phase, result, error] = await clientOf(await scripted([answer])).read();
    expect([phase, result]).toEqual(['fail', null]);
    expect(error).not.toBe('');
  });
});

it('takes an answer that comes in pieces', async () => {
  const server = await scripted([
    (socket) => {
      socket.write('$5\r\nva');
      setTimeout(() => socket.write('lue\r\n'), 20);
    },
    '$1\r\na\r\n',
  ]);
  const { read } = clientOf(server);
  expect(await read()).toEqual(['ok', 'value', '']);
  expect(await read()).toEqual(['ok', 'a', '']);
});

it('asks in RESP, for one thing at a time, on one connection', async () => {
  const server = await scripted(['+OK\r\n', '$5\r\nvalue\r\n']);
  const { read, write } = clientOf(server);
  await write();
  await read();
  expect(server.requests.join('')).toBe(
    '*3\r\n$3\r\nSET\r\n$2\r\nk1\r\n$5\r\nvalue\r\n*2\r\n$3\r\nGET\r\n$2\r\nk1\r\n',
  );
});

it('gives up what takes too long, and asks anew on another connection', async () => {
  const server = await scripted([() => undefined, '+OK\r\n']);
  const { client, write, ended } = clientOf(server);
  const lost = await ended(() => {
    client.write('k1', 'value');
    setTimeout(() => client.abandon('no answer within 100 ms'), 100);
  });
  expect(lost).toEqual(['info', null, 'no answer within 100 ms']);
  expect(await write()).toEqual(['ok', null, '']);
});

it('that reaches nobody has certainly done nothing', async () => {
  const { port, [Symbol.asyncDispose]: end } = await scriptedServer([]);
  await end();
  const [phase, , error] = await clientOf({ port }).write();
  expect(phase).toBe('fail');
  expect(error).toContain('ECONNREFUSED');
});
