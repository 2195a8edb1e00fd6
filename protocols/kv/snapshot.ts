import type { Reply } from '../../core/protocol.ts';
import { type KvMachine, emptyMachine, sizeOf } from './machine.ts';
import type { Session } from './sessions.ts';

const heading = 'dtest-kv-1';
const checksumLength = 8;
const refusals = new Set(['cas-mismatch', 'wrong-type', 'overloaded']);

/**
 * The whole state as a byte string: heading, number of keys, key and value in turn, number of
 * sessions, sessions, and a checksum. Every field is written `length:bytes`, so any byte may be in it.
 * Maps keep their order of insertion, which follows from the log, so equal logs give equal bytes, and
 * the order of the sessions is their order of last use.
 */
export function takeSnapshot(machine: KvMachine): string {
  const parts: string[] = [field(heading), field(String(machine.values.size))];
  for (const [key, value] of machine.values) parts.push(field(key), field(value));
  parts.push(field(String(machine.sessions.byId.size)));
  for (const [id, session] of machine.sessions.byId) {
    parts.push(field(JSON.stringify([id, session.sequence, session.reply])));
  }
  const body = parts.join('');
  return body + checksumOf(body, body.length);
}

/** Throws, saying where and why, on anything that `takeSnapshot` did not write. */
export function restoreSnapshot(bytes: string): KvMachine {
  const end = bytes.length - checksumLength;
  const checksum = end < 0 ? '' : checksumOf(bytes, end);
  if (end < 0 || bytes.slice(end) !== checksum) {
    throw damaged(Math.max(end, 0), `a checksum of ${checksum}`, bytes.slice(Math.max(end, 0)));
  }
  const reader: Reader = { bytes, at: 0, end };
  const found = nextField(reader);
  if (found !== heading) throw damaged(0, heading, found);
  const machine = emptyMachine();
  for (let left = nextCount(reader); left > 0; left--) {
    const key = nextField(reader);
    const value = nextField(reader);
    machine.values.set(key, value);
    machine.sizeBytes += sizeOf(key, value);
  }
  for (let left = nextCount(reader); left > 0; left--) {
    const [id, session] = nextSession(reader);
    machine.sessions.byId.set(id, session);
  }
  if (reader.at !== end) throw damaged(reader.at, 'the end', `${end - reader.at} bytes more`);
  return machine;
}

interface Reader {
  readonly bytes: string;
  at: number;
  readonly end: number;
}

function field(bytes: string): string {
  return `${bytes.length}:${bytes}`;
}

function nextField(reader: Reader): string {
  const { bytes, at, end } = reader;
  let length = 0;
  let next = at;
  // A length has at most nine digits, since no string is longer than 2^29.
  for (; next < at + 9 && isDigit(bytes.charCodeAt(next)); next++) {
    length = length * 10 + bytes.charCodeAt(next) - zero;
  }
  if (next === at || bytes[next] !== ':' || next + 1 + length > end) {
    throw damaged(at, `a field of length:bytes before ${end}`, bytes.slice(at, at + 12));
  }
  reader.at = next + 1 + length;
  return bytes.slice(next + 1, reader.at);
}

const zero = 48;

function isDigit(code: number): boolean {
  return code >= zero && code < zero + 10;
}

function nextCount(reader: Reader): number {
  const at = reader.at;
  const text = nextField(reader);
  // Each counted thing takes two bytes or more, which bounds the loop that follows.
  if (!/^\d{1,9}$/.test(text) || Number(text) > reader.end / 2) throw damaged(at, 'a count', text);
  return Number(text);
}

function nextSession(reader: Reader): [number, Session] {
  const at = reader.at;
  const text = nextField(reader);
  const parsed = parseJson(text);
  if (Array.isArray(parsed) && parsed.length === 3) {
    const [id, sequence, reply] = parsed as unknown[];
    if (isCount(id) && isCount(sequence) && isReply(reply)) return [id, { sequence, reply }];
  }
  throw damaged(at, 'a session as [id, sequence, reply]', text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Only what a write can have been answered by the machine is ever kept. */
function isReply(value: unknown): value is Reply {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, value: result, reason } = value as Readonly<Record<string, unknown>>;
  if (kind === 'ok') return result === null || Number.isSafeInteger(result);
  return kind === 'refused' && typeof reason === 'string' && refusals.has(reason);
}

/** FNV-1a over the first `length` bytes. It finds damage, not malice. */
function checksumOf(bytes: string, length: number): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < length; at++) hash = Math.imul(hash ^ bytes.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(checksumLength, '0');
}

function damaged(at: number, expected: string, got: string): Error {
  return new Error(
    `expected ${expected} at byte ${at} of a key-value snapshot, got ${JSON.stringify(got.slice(0, 40))}; ` +
      'the snapshot is damaged or of another version: let the node fetch a new one from its peers',
  );
}
