import { areNames } from './membership.ts';
import type { PaxosMessage } from './messages.ts';
import { batchLimit } from './settings.ts';

/** Beyond what a cluster reaches in centuries; the next one is still exact as a double. */
const highestSlot = 2 ** 50;

/** The longest string that a snapshot's parts can be joined to. */
const longestSnapshot = 2 ** 29 - 24;

type Fields = Readonly<Record<string, unknown>>;
type Test = (fields: Fields) => boolean;

/**
 * Every field of every message, with its range: whatever passes can be given to `step` without
 * harm to memory or types. Commands are opaque and not looked at.
 */
const tests: Readonly<Record<PaxosMessage['kind'], Test>> = {
  probe: (it) => isBallot(it.ballot) && isSlot(it.from),
  probed: (it) =>
    isBallot(it.ballot) && typeof it.granted === 'boolean' && isBallot(it.promised, 0),
  behind: (it) => isBallot(it.ballot) && isSlot(it.chosen),
  prepare: (it) => isBallot(it.ballot) && isSlot(it.from) && isBallot(it.released, 0),
  promise: (it) =>
    isBallot(it.ballot) &&
    isSlot(it.from) &&
    isWhole(it.next, 0, highestSlot) &&
    (it.next === 0 || (it.next > it.from && it.next <= it.from + batchLimit)) &&
    (it.goesOn === false || (it.goesOn === true && it.next > 0)) &&
    areReports(it.reports, it.from),
  accept: (it) =>
    isBallot(it.ballot) &&
    isSlot(it.from) &&
    isList(it.commands) &&
    it.commands.length > 0 &&
    isWhole(it.chosen, 0, highestSlot),
  accepted: (it) => isBallot(it.ballot) && isSlot(it.from),
  reject: (it) => isBallot(it.ballot) && isBallot(it.promised),
  heartbeat: (it) =>
    isBallot(it.ballot) && isWhole(it.round, 1, highestSlot) && isWhole(it.chosen, 0, highestSlot),
  heard: (it) =>
    isBallot(it.ballot) && isWhole(it.round, 1, highestSlot) && isWhole(it.chosen, 0, highestSlot),
  'take-over': (it) => isBallot(it.ballot) && isWhole(it.chosen, 0, highestSlot),
  knows: (it) => isSlot(it.chosen),
  'catch-up': (it) =>
    isSlot(it.from) && isWhole(it.index, 0, highestSlot) && isWhole(it.offset, 0, longestSnapshot),
  chosen: (it) =>
    isSlot(it.from) &&
    typeof it.goesOn === 'boolean' &&
    isList(it.values) &&
    it.values.every(isBallotValue),
  snapshot: (it) =>
    isSlot(it.index) &&
    isWhole(it.total, 0, longestSnapshot) &&
    isWhole(it.offset, 0, it.total) &&
    typeof it.bytes === 'string' &&
    it.offset + it.bytes.length <= it.total &&
    (it.bytes !== '' || it.total === 0) &&
    isList(it.members) &&
    areChosenMembers(it.members, it.index),
};

/** Whether a decoded value is a message. Hostile input is not. */
export function isPaxosMessage(value: unknown): value is PaxosMessage {
  if (!isFields(value)) return false;
  const { kind } = value;
  return typeof kind === 'string' && isKind(kind) && tests[kind](value);
}

function isKind(kind: string): kind is PaxosMessage['kind'] {
  return Object.hasOwn(tests, kind);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown, low: number, high: number): value is number {
  return Number.isSafeInteger(value) && Number(value) >= low && Number(value) <= high;
}

function isSlot(value: unknown): value is number {
  return isWhole(value, 1, highestSlot);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= batchLimit;
}

/** Only an acceptor that has promised nothing yet names the ballot of round 0. */
function isBallot(value: unknown, lowestRound = 1): boolean {
  return isFields(value) && isRoundOf(value.round, value.node, lowestRound);
}

function isRoundOf(round: unknown, node: unknown, lowestRound: number): boolean {
  return isWhole(round, lowestRound, highestSlot) && typeof node === 'string' && node.length <= 255;
}

function isBallotValue(value: unknown): boolean {
  return Array.isArray(value) && value.length === 3 && isRoundOf(value[0], value[1], 1);
}

/** Their slots climb up to the snapshot's at most. */
function areChosenMembers(value: readonly unknown[], through: number): boolean {
  let lowest = 0;
  for (const each of value) {
    if (!isFields(each) || !isWhole(each.slot, lowest, through)) return false;
    if (!areNames(each.members)) return false;
    lowest = each.slot + 1;
  }
  return value.length > 0;
}

/** Reports climb, and all lie within one page of `from`, which bounds the gaps between them. */
function areReports(value: unknown, from: number): boolean {
  if (!isList(value)) return false;
  let lowest = from;
  for (const report of value) {
    if (!Array.isArray(report) || report.length !== 4) return false;
    const slot: unknown = report[0];
    if (!isWhole(slot, lowest, from + batchLimit - 1)) return false;
    if (!isRoundOf(report[1], report[2], 1)) return false;
    lowest = slot + 1;
  }
  return true;
}
