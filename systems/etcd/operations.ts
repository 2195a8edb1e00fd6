import type { Op, Outcome } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import { bytesOfJson, bytesOfKey, jsonOfBytes } from '../json-bytes.ts';
import type { CallResult } from './grpc-session.ts';
import {
  type Call,
  casCall,
  deleteCall,
  putCall,
  rangeCall,
  readRange,
  readTxn,
} from './messages.ts';

/** How an operation is asked for in etcd's API, and what its answer means. */
export interface EtcdOperation {
  readonly call: Call;
  /** Nothing in the store can change by it, whatever happens. */
  readonly isRead: boolean;
  /** Throws on an answer that is none. */
  understand(body: Uint8Array): Outcome;
}

export const operationNames = ['read', 'write', 'cas', 'delete'] as const;

/** Undefined for an operation that there is no call for. */
export function etcdOperation(
  { op, key = 'default', value }: Op,
  isSerializable: boolean,
): EtcdOperation | undefined {
  const name = bytesOfKey(key);
  const done = (): Outcome => ({ phase: 'ok', value });
  switch (op) {
    case 'read':
      return { call: rangeCall(name, isSerializable), isRead: true, understand: readValue };
    case 'write':
      return { call: putCall(name, bytesOfJson(value)), isRead: false, understand: done };
    case 'cas': {
      if (!isPair(value)) return undefined;
      const [from, to] = value;
      const before = from === null ? null : bytesOfJson(from);
      const call = casCall(name, before, bytesOfJson(to));
      return { call, isRead: false, understand: (body) => (readTxn(body) ? done() : mismatch) };
    }
    case 'delete':
      return { call: deleteCall(name), isRead: false, understand: done };
    default:
      return undefined;
  }
}

const mismatch: Outcome = { phase: 'fail', error: 'the value is not the expected one' };

function readValue(body: Uint8Array): Outcome {
  const found = readRange(body);
  return { phase: 'ok', value: found === null ? null : jsonOfBytes(found) };
}

function isPair(value: Json): value is readonly [Json, Json] {
  return Array.isArray(value) && value.length === 2;
}

/** What a call came to. Whatever is not certain is `info`, but for reads, which change nothing. */
export function outcomeOf(operation: EtcdOperation, result: CallResult): Outcome {
  const { isRead } = operation;
  switch (result.kind) {
    case 'ok':
      return understood(operation, result.body);
    case 'unsent':
      return { phase: 'fail', error: result.reason };
    case 'lost':
      return { phase: isRead ? 'fail' : 'info', error: result.reason };
    case 'status': {
      const isCertain = isRead || isRefusal(result.code, result.text);
      const error = `${codeNames[result.code] ?? `code ${result.code}`}: ${result.text}`;
      return { phase: isCertain ? 'fail' : 'info', error };
    }
  }
}

function understood(operation: EtcdOperation, body: Uint8Array): Outcome {
  try {
    return operation.understand(body);
  } catch (error) {
    return { phase: 'info', error: `not an answer of etcd's: ${(error as Error).message}` };
  }
}

/** Codes of gRPC (its `statuscodes.md`) that etcd answers with. */
const codeNames: Readonly<Record<number, string>> = {
  ...{ 1: 'cancelled', 2: 'unknown', 3: 'invalid argument', 4: 'deadline exceeded' },
  ...{ 5: 'not found', 8: 'resource exhausted', 9: 'failed precondition', 11: 'out of range' },
  ...{ 12: 'unimplemented', 13: 'internal', 14: 'unavailable', 16: 'unauthenticated' },
};

/**
 * What etcd refuses before it proposes anything: malformed requests, and those it has no room for. A time-out
 * and a change of leader come with the code `unavailable`, and leave the request in doubt.
 */
function isRefusal(code: number, text: string): boolean {
  if (code === 3 || code === 12 || code === 16) return true;
  return code === 8 && (text.includes('too many requests') || text.includes('database space'));
}
