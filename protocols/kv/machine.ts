import type { Administration, Reply, Request, Write } from '../../core/protocol.ts';
import { type Sessions, noSessions, once, openSession } from './sessions.ts';

/**
 * The replicated key-value store: a deterministic state machine over byte strings (one character a
 * byte). Replicas that apply the same commands at the same indexes are in the same state.
 */
export interface KvMachine {
  readonly values: Map<string, string>;
  readonly sessions: Sessions;
  /** Bytes of all keys and values, with `entryOverheadBytes` for each. */
  sizeBytes: number;
}

/** What may stand in the log: everything that a client may ask to change of the data. */
export type KvCommand = Exclude<Request, Administration | { readonly op: 'get' }>;

/**
 * The whole state must fit one string as a snapshot, and V8's strings end at 2^29 characters. A write
 * that would grow the state beyond this is refused, by every replica alike.
 */
export const maxSizeBytes = 2 ** 28;

/** What an entry costs in a snapshot besides its bytes: two lengths and their ends, at most. */
export const entryOverheadBytes = 24;

const done: Reply = { kind: 'ok', value: null };
const wrongType: Reply = { kind: 'refused', reason: 'wrong-type' };
const mismatch: Reply = { kind: 'refused', reason: 'cas-mismatch' };
const full: Reply = { kind: 'refused', reason: 'overloaded' };
const noSession: Reply = { kind: 'refused', reason: 'no-session' };

export function emptyMachine(): KvMachine {
  return { values: new Map(), sessions: noSessions(), sizeBytes: 0 };
}

export function readKey(machine: KvMachine, key: string): Reply {
  return { kind: 'ok', value: machine.values.get(key) ?? null };
}

/** Applies the command that the log holds at `index`. */
export function applyCommand(machine: KvMachine, index: number, command: KvCommand): Reply {
  if (command.op === 'open-session') {
    openSession(machine.sessions, index);
    return { kind: 'ok', value: index };
  }
  const { session, sequence } = command;
  if (session === undefined && sequence === undefined) return write(machine, command);
  // Half a session would look protected and not be.
  if (session === undefined || sequence === undefined) return noSession;
  return once(machine.sessions, { session, sequence }, () => write(machine, command));
}

function write(machine: KvMachine, command: Write): Reply {
  const { key } = command;
  const current = machine.values.get(key);
  switch (command.op) {
    case 'set':
      return put(machine, key, command.value) ? done : full;
    case 'cas':
      if ((current ?? null) !== command.from) return mismatch;
      return put(machine, key, command.to) ? done : full;
    case 'del':
      if (current === undefined) return { kind: 'ok', value: 0 };
      machine.values.delete(key);
      machine.sizeBytes -= sizeOf(key, current);
      return { kind: 'ok', value: 1 };
    case 'append': {
      // Checked before they are joined, as V8 throws on a string longer than its limit.
      if ((current?.length ?? 0) + command.value.length > maxSizeBytes) return full;
      const value = (current ?? '') + command.value;
      return put(machine, key, value) ? { kind: 'ok', value: value.length } : full;
    }
    case 'incr': {
      const number = integerOf(current ?? '0');
      if (number === undefined || number === Number.MAX_SAFE_INTEGER) return wrongType;
      return put(machine, key, String(number + 1)) ? { kind: 'ok', value: number + 1 } : full;
    }
  }
}

function put(machine: KvMachine, key: string, value: string): boolean {
  const before = machine.values.get(key);
  const sizeBytes =
    machine.sizeBytes + sizeOf(key, value) - (before === undefined ? 0 : sizeOf(key, before));
  if (sizeBytes > maxSizeBytes) return false;
  machine.values.set(key, value);
  machine.sizeBytes = sizeBytes;
  return true;
}

export function sizeOf(key: string, value: string): number {
  return key.length + value.length + entryOverheadBytes;
}

/** As Redis reads integers: no sign but a minus, no leading zeros, no spaces; and exact as a double. */
function integerOf(text: string): number | undefined {
  if (text.length > 17 || !/^(0|-?[1-9][0-9]*)$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}
