import type { Administration, Request } from '../../core/protocol.ts';
import type { KvCommand } from '../kv/index.ts';

/**
 * What stands in the log: a client's command under a name that no other command ever has, so that
 * what is applied at an index can be told from what was proposed there.
 */
export interface NamedCommand extends CommandName {
  readonly request: KvCommand;
}

/**
 * `by` is the proposer: its node, its start and the term that it leads. A node leads a term in one of
 * its lives only, so the name stays its own even where two lives drew the same random start.
 */
export interface CommandName {
  readonly by: string;
  readonly number: number;
}

export function sameName(one: CommandName, other: CommandName): boolean {
  return one.number === other.number && one.by === other.by;
}

/** Logs come from other nodes too; what is not a command there changes nothing, on any replica. */
export function isNamedCommand(value: unknown): value is NamedCommand {
  if (typeof value !== 'object' || value === null) return false;
  const { by, number, request } = value as Readonly<Record<string, unknown>>;
  if (typeof by !== 'string' || !isCount(number) || !isRequest(request)) return false;
  return request.op !== 'get' && !isAdministration(request);
}

/** It concerns the cluster and not the data; the agreement itself sees to it. */
export function isAdministration(request: Request): request is Administration {
  return request.op === 'members' || request.op === 'transfer';
}

export function isRequest(value: unknown): value is Request {
  if (typeof value !== 'object' || value === null) return false;
  const request = value as Readonly<Record<string, unknown>>;
  if (request.op === 'open-session') return true;
  if (request.op === 'transfer') return typeof request.to === 'string';
  if (request.op === 'members') return isListOfTexts(request.nodes);
  if (!isByteString(request.key)) return false;
  return request.op === 'get' || (isInSession(request) && isWrite(request));
}

function isWrite(request: Readonly<Record<string, unknown>>): boolean {
  switch (request.op) {
    case 'set':
    case 'append':
      return isByteString(request.value);
    case 'cas':
      return (request.from === null || isByteString(request.from)) && isByteString(request.to);
    default:
      return request.op === 'del' || request.op === 'incr';
  }
}

function isInSession({ session, sequence }: Readonly<Record<string, unknown>>): boolean {
  return (
    (session === undefined || isCount(session)) && (sequence === undefined || isCount(sequence))
  );
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isByteString(value: unknown): value is string {
  return typeof value === 'string' && !/[^\0-\xff]/.test(value);
}

/**
 * Whether sending it twice does no harm: a read, the opening of a session (the second is never used),
 * and a write whose session applies it once.
 */
export function isRepeatable(request: Request): boolean {
  if (isAdministration(request)) return false;
  return (
    request.op === 'get' ||
    request.op === 'open-session' ||
    (request.session !== undefined && request.sequence !== undefined)
  );
}

/** About what the command takes in a log. */
export function sizeOfRequest(request: KvCommand): number {
  if (request.op === 'open-session') return baseBytes;
  const value = request.op === 'cas' ? request.to : 'value' in request ? request.value : '';
  return baseBytes + request.key.length + value.length;
}

const baseBytes = 64;
