import type { Client, CommandSpec, Plan } from './commands.ts';
import { array, bulk, error, integer, okText } from './reply-text.ts';

/**
 * Commands that concern the connection and not the data: enough for redis-cli, redis-benchmark and
 * the usual client libraries to feel at home.
 */
export const serverCommands: Readonly<Record<string, CommandSpec>> = {
  ping: {
    least: 0,
    most: 1,
    run: (_client, [message]) => say(message === undefined ? '+PONG\r\n' : bulk(message)),
  },
  echo: { least: 1, most: 1, run: (_client, [message = '']) => say(bulk(message)) },
  select: {
    least: 1,
    most: 1,
    run: (_client, [index]) =>
      say(index === '0' ? okText : error('ERR', 'DB index is out of range: there is only 0')),
  },
  info: { least: 0, most: 100, run: (_client, _args, facts) => say(bulk(facts.info())) },
  command: {
    least: 0,
    most: 1000,
    // Clients take an empty list as "no hints", and go on.
    run: (_client, [verb]) => say(verb?.toLowerCase() === 'count' ? integer(0) : array([])),
  },
  config: { least: 1, most: 1000, run: (_client, args) => config(args) },
  client: { least: 1, most: 100, run: clientCommand },
  hello: { least: 0, most: 10, run: hello },
  quit: { least: 0, most: 0, run: () => ({ kind: 'quit', text: okText }) },
};

function say(text: string): Plan {
  return { kind: 'reply', text };
}

/** What redis-benchmark wants to know before it starts. */
const configured: Readonly<Record<string, string>> = { save: '', appendonly: 'yes' };

function config([verb = '', ...names]: readonly string[]): Plan {
  if (verb.toLowerCase() !== 'get') return say(error('ERR', 'only CONFIG GET is supported'));
  const found = names.flatMap((name) => {
    const value = Object.hasOwn(configured, name.toLowerCase())
      ? configured[name.toLowerCase()]
      : undefined;
    return value === undefined ? [] : [bulk(name.toLowerCase()), bulk(value)];
  });
  return say(array(found));
}

function clientCommand(client: Client, [verb = '', ...args]: readonly string[]): Plan {
  switch (verb.toLowerCase()) {
    case 'setname':
      client.name = (args[0] ?? '').slice(0, 256);
      return say(okText);
    case 'getname':
      return say(bulk(client.name === '' ? null : client.name));
    case 'id':
      return say(integer(client.id));
    case 'info':
    case 'list':
      return say(bulk(`id=${client.id} name=${client.name}\n`));
    case 'setinfo':
    case 'no-evict':
    case 'no-touch':
      return say(okText);
    default:
      return say(error('ERR', 'unknown subcommand of CLIENT'));
  }
}

/** The handshake of newer clients. RESP2 is the only protocol here. */
function hello(client: Client, [version, ...options]: readonly string[]): Plan {
  if (version !== undefined && version !== '2') {
    const isNumber = /^\d{1,9}$/.test(version);
    return say(
      isNumber
        ? error('NOPROTO', 'unsupported protocol version: this server speaks RESP2')
        : error('ERR', 'Protocol version is not an integer or out of range'),
    );
  }
  for (let at = 0; at < options.length; at += 2) {
    if (options[at]?.toLowerCase() !== 'setname') {
      return say(error('ERR', 'syntax error: HELLO takes a version and SETNAME here'));
    }
    client.name = (options[at + 1] ?? '').slice(0, 256);
  }
  const fields = [
    ...[bulk('server'), bulk('dtest'), bulk('version'), bulk('1')],
    ...[bulk('proto'), integer(2), bulk('id'), integer(client.id)],
    ...[bulk('mode'), bulk('standalone'), bulk('role'), bulk('master'), bulk('modules'), array([])],
  ];
  return say(array(fields));
}
