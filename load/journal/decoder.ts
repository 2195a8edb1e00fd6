import {
  type JournalHeader,
  absent,
  firstValue,
  phaseCodes,
  unreadable,
  wordsTag,
} from './codes.ts';
import { type Columns, type GrowingColumns, emptyColumns } from './columns.ts';

/** No operation takes less in a journal, its invocation alone included. */
const leastBytes = 6;

/**
 * Reads the journals of a round's threads. A journal that breaks off in the middle of a record, as a
 * killed process leaves it, is read up to there. Throws on anything else that is no journal.
 */
export function decodeJournals(journals: readonly Uint8Array[]): Columns {
  const bytes = journals.reduce((sum, journal) => sum + journal.length, 0);
  const columns = emptyColumns(Math.ceil(bytes / leastBytes));
  for (const journal of journals) decodeInto(columns, journal);
  return trimmed(columns);
}

interface Decoding {
  readonly bytes: Uint8Array;
  at: number;
  lastNs: number;
  readonly header: JournalHeader;
  readonly columns: GrowingColumns;
  /** Places in `columns.words` by this journal's own numbers. */
  readonly words: number[];
  /** By slot: the operation under way, and the part of it that is under way; -1 for none. */
  readonly open: Int32Array;
  readonly openPart: Int32Array;
  /** By slot: the process that it is now. */
  readonly processes: Uint32Array;
}

/** There is no more of the journal. */
class TornEnd extends Error {}

function decodeInto(columns: GrowingColumns, bytes: Uint8Array): void {
  const header = journalHeader(bytes);
  const { slots, thread, threads } = header;
  const decoding: Decoding = {
    ...{ bytes, at: bytes.indexOf(0x0a) + 1, lastNs: 0, header, columns, words: [0] },
    open: new Int32Array(slots).fill(-1),
    openPart: new Int32Array(slots).fill(-1),
    processes: Uint32Array.from({ length: slots }, (_, slot) => slot * threads + thread),
  };
  while (decoding.at < bytes.length) {
    const { count } = columns;
    try {
      decodeRecord(decoding);
    } catch (error) {
      if (!(error instanceof TornEnd)) throw error;
      columns.count = count;
      return;
    }
  }
}

/** The first line of a journal. Throws on anything else. */
export function journalHeader(bytes: Uint8Array): JournalHeader {
  const end = bytes.indexOf(0x0a);
  const line = Buffer.from(bytes.buffer, bytes.byteOffset, Math.max(0, Math.min(end, 1000)));
  try {
    const header = JSON.parse(line.toString('latin1')) as JournalHeader;
    if ((header.schema as number) === 1 && header.slots >= 0) return header;
  } catch {
    // Said below.
  }
  throw new Error(
    `expected a journal of a benchmark (its first line is JSON with "schema":1), got ${JSON.stringify(line.toString('latin1', 0, 80))}`,
  );
}

function decodeRecord(decoding: Decoding): void {
  const { bytes } = decoding;
  const first = bytes[decoding.at++] ?? 0;
  if (first === wordsTag) {
    decodeWords(decoding);
    return;
  }
  const slot = number(decoding);
  if (slot >= decoding.header.slots) {
    throw new Error(
      `expected a slot below ${decoding.header.slots} at ${decoding.at}, got ${slot}`,
    );
  }
  decoding.lastNs += number(decoding);
  const phase = first & 3;
  if (phase === phaseCodes.invoke) decodeInvoke(decoding, first, slot);
  else decodeEnd(decoding, first, slot);
}

function decodeWords(decoding: Decoding): void {
  const { bytes, words, columns } = decoding;
  const code = number(decoding);
  const length = number(decoding);
  if (decoding.at + length > bytes.length) throw new TornEnd();
  const view = Buffer.from(bytes.buffer, bytes.byteOffset + decoding.at, length);
  words[code] = columns.words.push(view.toString('utf8')) - 1;
  decoding.at += length;
}

const isPart = 0x20;

function decodeInvoke(decoding: Decoding, tag: number, slot: number): void {
  const { columns, lastNs, processes } = decoding;
  const key = number(decoding);
  const value = number(decoding) - 1;
  const late = number(decoding);
  const at = columns.count++;
  columns.tag[at] = tag;
  columns.phase[at] = phaseCodes.info;
  columns.process[at] = processes[slot] ?? 0;
  columns.key[at] = key;
  columns.value[at] = value;
  columns.result[at] = -1;
  columns.dueNs[at] = late === 0 ? lastNs : lastNs - late + 1;
  columns.callNs[at] = lastNs;
  columns.endNs[at] = Infinity;
  ((tag & isPart) === 0 ? decoding.open : decoding.openPart)[slot] = at;
}

function decodeEnd(decoding: Decoding, tag: number, slot: number): void {
  const { columns, lastNs, header, processes, words } = decoding;
  const open = (tag & isPart) === 0 ? decoding.open : decoding.openPart;
  const code = number(decoding);
  const at = open[slot] ?? -1;
  if (at < 0) throw new Error(`expected an operation under way in slot ${slot}, got only its end`);
  open[slot] = -1;
  const phase = tag & 3;
  columns.phase[at] = phase;
  columns.endNs[at] = lastNs;
  if (phase === phaseCodes.ok) {
    columns.result[at] = code === absent ? -1 : code === unreadable ? -2 : code - firstValue;
    return;
  }
  columns.error[at] = words[code] ?? 0;
  if (phase === phaseCodes.info) {
    processes[slot] = (processes[slot] ?? 0) + header.slots * header.threads;
  }
}

function number(decoding: Decoding): number {
  const { bytes } = decoding;
  let value = 0;
  for (let weight = 1; ; weight *= 0x80) {
    const byte = bytes[decoding.at];
    if (byte === undefined) throw new TornEnd();
    decoding.at++;
    value += (byte & 0x7f) * weight;
    if (byte < 0x80) return value;
  }
}

/** Views of what is used, so that nobody looks at what is not. */
function trimmed(columns: GrowingColumns): Columns {
  const { count } = columns;
  return {
    ...{ count, words: columns.words },
    tag: columns.tag.subarray(0, count),
    phase: columns.phase.subarray(0, count),
    process: columns.process.subarray(0, count),
    key: columns.key.subarray(0, count),
    value: columns.value.subarray(0, count),
    result: columns.result.subarray(0, count),
    dueNs: columns.dueNs.subarray(0, count),
    callNs: columns.callNs.subarray(0, count),
    endNs: columns.endNs.subarray(0, count),
    error: columns.error.subarray(0, count),
  };
}
