import type { NodeId } from '../../core/node-id.ts';
import type { Request, Write } from '../../core/protocol.ts';
import { clusterCommands } from './cluster-commands.ts';
import { serverCommands } from './server-commands.ts';
import {
  type Render,
  error,
  okText,
  renderBulk,
  renderInteger,
  renderOk,
  renderSetIfAbsent,
} from './reply-text.ts';

/** What to do about a command. */
export type Plan =
  | { readonly kind: 'reply'; readonly text: string }
  /** Reply, then hang up. */
  | { readonly kind: 'quit'; readonly text: string }
  | { readonly kind: 'request'; readonly request: Request; readonly render: Render };

/** What a connection remembers between commands. */
export interface Client {
  readonly id: number;
  name: string;
  /** For the next write, and only for that one. */
  session: { readonly session: number; readonly sequence: number } | null;
}

/** What the server knows of itself and its cluster. */
export interface ServerFacts {
  /** For INFO. */
  info(): string;
  /** For MEMBERS GET: who votes, as far as this node knows; null where that can never change. */
  members(): readonly NodeId[] | null;
}

export type Command = (client: Client, args: readonly string[], facts: ServerFacts) => Plan;

/** A command with the bounds of its number of arguments, its own name left out. */
export interface CommandSpec {
  readonly least: number;
  readonly most: number;
  readonly run: Command;
}

/** `words` is the command as it came, at least its name. */
export function planOf(client: Client, words: readonly string[], facts: ServerFacts): Plan {
  const [name = '', ...args] = words;
  const spec = table.get(name.toLowerCase());
  if (spec === undefined) {
    return { kind: 'reply', text: error('ERR', `unknown command '${shown(name)}'`) };
  }
  if (args.length < spec.least || args.length > spec.most) {
    const message = `wrong number of arguments for '${name.toLowerCase()}' command`;
    return { kind: 'reply', text: error('ERR', message) };
  }
  return spec.run(client, args, facts);
}

const dataCommands: Readonly<Record<string, CommandSpec>> = {
  get: exactly(1, (_client, [key = '']) => read({ op: 'get', key })),
  set: {
    least: 2,
    most: 100,
    run(client, [key = '', value = '', ...options]) {
      if (options.length > 0) return syntaxError('SET takes a key and a value, and no options');
      return write(client, { op: 'set', key, value }, renderOk);
    },
  },
  cas: exactly(3, (client, [key = '', from = '', to = '']) =>
    write(client, { op: 'cas', key, from, to }, renderOk),
  ),
  setnx: exactly(2, (client, [key = '', to = '']) =>
    write(client, { op: 'cas', key, from: null, to }, renderSetIfAbsent),
  ),
  del: {
    least: 1,
    most: 100,
    run(client, [key = '', ...more]) {
      if (more.length > 0) return syntaxError('DEL takes one key here');
      return write(client, { op: 'del', key }, renderInteger);
    },
  },
  append: exactly(2, (client, [key = '', value = '']) =>
    write(client, { op: 'append', key, value }, renderInteger),
  ),
  incr: exactly(1, (client, [key = '']) => write(client, { op: 'incr', key }, renderInteger)),
  session: { least: 1, most: 3, run: runSession },
};

const table = new Map(Object.entries({ ...serverCommands, ...clusterCommands, ...dataCommands }));

function exactly(count: number, run: Command): CommandSpec {
  return { least: count, most: count, run };
}

function read(request: Request): Plan {
  return { kind: 'request', request, render: renderBulk };
}

function write(client: Client, request: Write, render: Render): Plan {
  const { session } = client;
  client.session = null;
  return { kind: 'request', request: { ...request, ...session }, render };
}

/** `SESSION OPEN` gives an id; `SESSION USE id sequence` puts the next write under it. */
function runSession(client: Client, [verb = '', ...args]: readonly string[]): Plan {
  if (verb.toLowerCase() === 'open' && args.length === 0) {
    return { kind: 'request', request: { op: 'open-session' }, render: renderInteger };
  }
  const [session, sequence] = args.map(naturalOf);
  if (verb.toLowerCase() !== 'use' || session == null || sequence == null) {
    return syntaxError('expected SESSION OPEN, or SESSION USE with an id and a sequence number');
  }
  client.session = { session, sequence };
  return { kind: 'reply', text: okText };
}

function naturalOf(text: string): number | null {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : null;
}

function syntaxError(message: string): Plan {
  return { kind: 'reply', text: error('ERR', `syntax error: ${message}`) };
}

function shown(name: string): string {
  return name.slice(0, 64).replace(/[^\x20-\x7e]/g, '?');
}
