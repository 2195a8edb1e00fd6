import type { RaftMessage } from './messages.ts';

type Check = (value: unknown) => boolean;

// No cluster counts that far, and sums of a few such numbers are still exact.
const most = 2 ** 48;
/** A snapshot has to fit one string. */
const mostCharacters = 2 ** 29 - 32;

const isNatural: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;
const isPositive: Check = (value) => isNatural(value) && value !== 0;
const isBoolean: Check = (value) => typeof value === 'boolean';
const isText: Check = (value) => typeof value === 'string';
const areNames: Check = (value) => Array.isArray(value) && value.length > 0 && value.every(isText);
const isConfiguration: Check = (value) =>
  isObject(value) &&
  areNames(value.members) &&
  (value.former === undefined || areNames(value.former));

/** The exact fields of each kind of message, `kind` aside. */
const fields: { readonly [Kind in RaftMessage['kind']]: Readonly<Record<string, Check>> } = {
  'pre-vote': { term: isPositive, lastIndex: isNatural, lastTerm: isNatural },
  'pre-vote-reply': { term: isNatural, granted: isBoolean },
  vote: { term: isPositive, lastIndex: isNatural, lastTerm: isNatural, handover: isBoolean },
  'vote-reply': { term: isPositive, granted: isBoolean },
  append: {
    term: isPositive,
    previousIndex: isNatural,
    previousTerm: isNatural,
    entries: Array.isArray,
    commitIndex: isNatural,
  },
  'append-reply': { term: isPositive, matchIndex: isNatural },
  'append-refusal': {
    term: isPositive,
    previousIndex: isNatural,
    hintIndex: isNatural,
    hintTerm: isNatural,
  },
  commit: { term: isPositive, index: isNatural },
  heartbeat: { term: isPositive, commitIndex: isNatural, round: isNatural },
  'heartbeat-reply': { term: isNatural, round: isNatural },
  snapshot: {
    term: isPositive,
    index: isPositive,
    indexTerm: isPositive,
    configuration: isConfiguration,
    size: isNatural,
    offset: isNatural,
    chunk: isText,
  },
  'timeout-now': { term: isPositive },
  'snapshot-reply': { term: isPositive, index: isPositive, offset: isNatural },
};

/** Whether a value from outside has the shape, the types and the ranges of a message. */
export function isRaftMessage(value: unknown): value is RaftMessage {
  if (!isObject(value) || typeof value.kind !== 'string') return false;
  if (!Object.hasOwn(fields, value.kind)) return false;
  const checks = fields[value.kind as RaftMessage['kind']];
  for (const name in checks) if (checks[name]?.(value[name]) !== true) return false;
  return isCoherent(value as unknown as RaftMessage);
}

/** What must hold between the fields of one message, whoever sent it. */
function isCoherent(message: RaftMessage): boolean {
  switch (message.kind) {
    case 'append':
      return areEntries(message.entries, message.previousTerm, message.term);
    case 'snapshot':
      return (
        message.indexTerm <= message.term &&
        message.size <= mostCharacters &&
        message.offset + message.chunk.length <= message.size &&
        (message.chunk.length > 0 || message.size === 0)
      );
    case 'append-refusal':
      return message.hintIndex <= message.previousIndex;
    default:
      return true;
  }
}

/** Terms never fall along a log, and none is later than its leader's. */
function areEntries(entries: readonly unknown[], previousTerm: number, term: number): boolean {
  let least = previousTerm;
  for (const entry of entries) {
    if (!isObject(entry) || !isPositive(entry.term) || !('command' in entry)) return false;
    if ((entry.term as number) < least) return false;
    if (entry.configuration !== undefined && !isConfiguration(entry.configuration)) return false;
    least = entry.term as number;
  }
  return least <= term;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
