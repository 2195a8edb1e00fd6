import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HostProcess, eventually, startHostProcess } from '../testing/host-process.ts';
import { ask, command, rawClient } from '../testing/raw-client.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'dtest-resp-'));
let host: HostProcess;

beforeAll(async () => {
  host = await startHostProcess({ dataDir });
});

afterAll(async () => {
  await host[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true });
});

const everyByte = String.fromCharCode(...Array.from({ length: 256 }, (_, at) => at));

describe('the client port', () => {
  it.each<[string, string, string]>([
    ['PING', command('PING'), '+PONG\r\n'],
    ['PING with a message', command('ping', 'hi'), '$2\r\nhi\r\n'],
    ['ECHO of every byte', command('ECHO', everyByte), `$256\r\n${everyByte}\r\n`],
    ['SELECT 0', command('SELECT', '0'), '+OK\r\n'],
    ['SELECT 1', command('SELECT', '1'), '-ERR DB index is out of range: there is only 0\r\n'],
    ['COMMAND', command('COMMAND'), '*0\r\n'],
    ['COMMAND COUNT', command('COMMAND', 'COUNT'), ':0\r\n'],
    ['COMMAND DOCS', command('COMMAND', 'DOCS', 'get'), '*0\r\n'],
    ['CONFIG GET', command('CONFIG', 'GET', 'save'), '*2\r\n$4\r\nsave\r\n$0\r\n\r\n'],
    ['CONFIG SET', command('CONFIG', 'SET', 'save', ''), '-ERR only CONFIG GET is supported\r\n'],
    ['CLIENT SETNAME', command('CLIENT', 'SETNAME', 'me'), '+OK\r\n'],
    ['CLIENT SETINFO', command('CLIENT', 'SETINFO', 'LIB-NAME', 'x'), '+OK\r\n'],
    ['CLIENT KILL', command('CLIENT', 'KILL', 'x'), '-ERR unknown subcommand of CLIENT\r\n'],
    ['HELLO 3', command('HELLO', '3'), '-NOPROTO unsupported protocol version'],
    ['HELLO 2', command('HELLO', '2'), '*14\r\n$6\r\nserver\r\n$5\r\ndtest\r\n'],
    ['HELLO x', command('HELLO', 'x'), '-ERR Protocol version is not an integer'],
    ['an unknown command', command('FLUSHALL\r\n'), "-ERR unknown command 'FLUSHALL??'\r\n"],
    ['too few words', command('GET'), "-ERR wrong number of arguments for 'get' command\r\n"],
    ['SET with options', command('SET', 'k', 'v', 'NX'), '-ERR syntax error: SET takes a key and'],
    ['DEL of two keys', command('DEL', 'k', 'l'), '-ERR syntax error: DEL takes one key here\r\n'],
    ['SESSION OPEN', command('SESSION', 'OPEN'), ':1\r\n'],
    ['SESSION USE', command('SESSION', 'USE', '1', '7'), '+OK\r\n'],
    ['SESSION USE x', command('SESSION', 'USE', 'x', '7'), '-ERR syntax error: expected SESSION'],
    ['SESSION', command('SESSION', 'USE'), '-ERR syntax error: expected SESSION OPEN'],
  ])('answers %s', async (_, bytes, expected) => {
    const reply = await ask(host.clientPort, bytes, expected);
    expect(reply.slice(0, expected.length)).toBe(expected);
  });

  it('answers reads and writes as Redis does', async () => {
    const steps: readonly [string, string][] = [
      [command('GET', 'a'), '$-1\r\n'],
      [command('SET', 'a', everyByte), '+OK\r\n'],
      [command('GET', 'a'), `$256\r\n${everyByte}\r\n`],
      [command('CAS', 'a', everyByte, '5'), '+OK\r\n'],
      [command('CAS', 'a', 'wrong', '6'), '-CASFAIL the value is not the expected one\r\n'],
      [command('INCR', 'a'), ':6\r\n'],
      [command('APPEND', 'a', 'xyz'), ':4\r\n'],
      [command('INCR', 'a'), '-WRONGTYPE the value is not an integer in range\r\n'],
      [command('DEL', 'a'), ':1\r\n'],
      [command('DEL', 'a'), ':0\r\n'],
      [command('SETNX', 'a', ''), ':1\r\n'],
      [command('SETNX', 'a', ''), ':0\r\n'],
      [command('GET', 'a'), '$0\r\n\r\n'],
    ];
    const expected = steps.map(([, reply]) => reply).join('');
    const sent = steps.map(([bytes]) => bytes).join('');
    // All at once: pipelined commands are answered in order.
    expect(await ask(host.clientPort, sent, expected)).toBe(expected);
  });

  it('answers a long pipeline whole and in order, of slow and immediate commands', async () => {
    const count = 5000;
    using client = await rawClient(host.clientPort);
    const expected: string[] = [];
    for (let at = 0; at < count; at++) {
      client.send(command('SET', 'pipe', String(at)) + command('ECHO', String(at)));
      expected.push(`+OK\r\n$${String(at).length}\r\n${at}\r\n`);
    }
    const whole = expected.join('');
    expect(await client.receive(whole.length)).toBe(whole);
  });

  it('answers everything before it hangs up on a client that has closed its side', async () => {
    using client = await rawClient(host.clientPort);
    for (let at = 0; at < 1000; at++) client.send(command('SET', 'half', String(at)));
    client.socket.end();
    await client.closed();
    expect(client.received()).toBe('+OK\r\n'.repeat(1000));
  });

  it('answers QUIT and hangs up', async () => {
    using client = await rawClient(host.clientPort);
    client.send('SET q 1\r\nQUIT\r\nSET q 2\r\n');
    await client.closed();
    expect(client.received()).toBe('+OK\r\n+OK\r\n');
    expect(await ask(host.clientPort, 'GET q\r\n', '$1\r\n1\r\n')).toBe('$1\r\n1\r\n');
  });

  it.each([
    ['*x\r\n', 'invalid multibulk length'],
    ['*1\r\n:1\r\n', "expected '$', got ':'"],
    ['*1\r\n$1048577\r\n', 'invalid bulk length'],
    ['GET "a\r\n', 'unbalanced quotes in request'],
  ])('says what is wrong with %j, after the replies due, and hangs up', async (bytes, reason) => {
    using client = await rawClient(host.clientPort);
    client.send(`PING\r\nSET e 1\r\n${bytes}`);
    await client.closed();
    expect(client.received()).toBe(`+PONG\r\n+OK\r\n-ERR Protocol error: ${reason}\r\n`);
  });

  it('stops reading from a client that does not read, and goes on when it does', async () => {
    const value = 'v'.repeat(1 << 20);
    expect(await ask(host.clientPort, command('SET', 'big', value), '+OK\r\n')).toBe('+OK\r\n');
    using client = await rawClient(host.clientPort);
    client.socket.pause();
    const rssBefore = host.rssBytes();
    for (let at = 0; at < 40; at++) client.send(command('GET', 'big'));
    // Others are served meanwhile.
    expect(await ask(host.clientPort, 'PING\r\n', '+PONG\r\n')).toBe('+PONG\r\n');
    client.socket.resume();
    const expected = `$${value.length}\r\n${value}\r\n`.length * 40;
    expect((await client.receive(expected)).length).toBe(expected);
    expect(host.rssBytes() - rssBefore).toBeLessThan(300 << 20);
  });

  it('cuts off a client that asks for more than it may leave unread', async () => {
    const before = (await host.status()).counters.respClientsCutOff ?? 0;
    const half = 'v'.repeat(1 << 20);
    await ask(host.clientPort, command('SET', 'bigger', half), '+OK\r\n');
    await ask(host.clientPort, command('APPEND', 'bigger', half), ':2097152\r\n');
    const rssBefore = host.rssBytes();
    using client = await rawClient(host.clientPort);
    client.socket.pause();
    client.send(command('GET', 'bigger').repeat(60));
    await eventually('the cut', 15_000, async () => {
      return (await host.status()).counters.respClientsCutOff === before + 1;
    });
    expect(host.rssBytes() - rssBefore).toBeLessThan(100 << 20);
  });
});
