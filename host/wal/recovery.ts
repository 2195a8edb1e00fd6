import type { Durable } from '../../core/protocol.ts';
import { type Disk, StorageDamage } from './disk.ts';
import { type LogFile, logFileOf, segmentName } from './files.ts';
import { type Payload, parsePayload } from './payload.ts';
import { findSuccessor, readRecords, recordHeaderBytes } from './record.ts';

/** What was found, and where to go on. */
export interface Recovered {
  readonly durable: Durable;
  /** The first segment that is needed; the snapshot, if there is one, has the same number. */
  readonly oldest: number;
  /** The segment to append to, whether its file exists, and its size; 0 when it is to be begun. */
  readonly segment: number;
  readonly exists: boolean;
  readonly segmentBytes: number;
  /** The next record's. */
  readonly sequence: number;
  /** In words, for the log: what was cut off or cleared away. */
  readonly notes: readonly string[];
}

/**
 * Reads what the disk kept, record by record, and puts the folder in order: removes what a finished
 * compaction left behind, cuts a torn tail off the last segment, and makes sure that what was read
 * is durable. Throws `StorageDamage`, naming file
 * and place, on anything that a crash alone cannot have caused.
 */
export async function recover(disk: Disk): Promise<Recovered> {
  const files = (await disk.list()).flatMap((name) => logFileOf(name) ?? []);
  const snapshots = files.filter((file) => file.kind === 'snapshot');
  const base = Math.max(1, ...snapshots.map((file) => file.number));
  const snapshot = snapshots.find((file) => file.number === base);
  const obsolete = files.filter((file) => file.kind === 'temporary' || file.number < base);
  const segments = consecutive(files, base);

  // A log begins with record 1, or with whatever number its snapshot carries.
  const sequence = snapshot === undefined ? 1 : null;
  const scan: Scan = {
    ...{ disk, records: [], sequence, end: 0, hasRoom: false },
    snapshot: undefined,
  };
  if (snapshot !== undefined) await scanFile(scan, snapshot);
  let torn: Torn | null = null;
  for (const segment of segments) {
    torn = await scanFile(scan, segment);
    if (torn === null) continue;
    const isLast = segment === segments.at(-1);
    if (!isLast) throw damage(segment.name, torn, 'a whole record: later segments follow');
    await insistOnTear(disk, segment.name, torn, scan.sequence ?? 1);
  }
  const last = segments.at(-1);

  // Only now that all is read and right is anything changed.
  const notes: string[] = [];
  if (torn !== null && last !== undefined) notes.push(noteOf(last.name, torn));
  if (last !== undefined)
    await settle(disk, last.name, torn !== null || scan.hasRoom ? scan.end : null);
  await disk.syncFolder();
  for (const file of obsolete) {
    await disk.remove(file.name);
    notes.push(`removed ${file.name}, left over from a compaction`);
  }
  const durable = { snapshot: scan.snapshot, records: scan.records };
  return {
    durable,
    oldest: base,
    segment: last?.number ?? base,
    exists: last !== undefined,
    segmentBytes: last === undefined ? 0 : scan.end,
    sequence: scan.sequence ?? 1,
    notes,
  };
}

interface Scan {
  readonly disk: Disk;
  readonly records: unknown[];
  /** The number that the next record must have; null where any will do. */
  sequence: number | null;
  /** Where the last whole record of the file ends, and whether there is room behind it. */
  end: number;
  hasRoom: boolean;
  snapshot: unknown;
}

type Segment = Extract<LogFile, { kind: 'segment' }>;

function consecutive(files: readonly LogFile[], base: number): readonly Segment[] {
  const segments = files
    .filter((file) => file.kind === 'segment')
    .filter((file) => file.number >= base)
    .sort((one, other) => one.number - other.number);
  segments.forEach((segment, at) => {
    if (segment.number === base + at) return;
    throw new StorageDamage(
      `expected ${segmentName(base + at)} in the folder, got ${segment.name} as the next segment: ` +
        'a file is missing; restore it, or give the node an empty folder and a new identity',
    );
  });
  return segments;
}

interface Torn {
  readonly offset: number;
  readonly expected: string;
  readonly got: string;
}

/** Takes in the file's records; returns where they stop being whole, or null when they never do. */
async function scanFile(
  scan: Scan,
  file: Exclude<LogFile, { kind: 'temporary' }>,
): Promise<Torn | null> {
  let first = true;
  scan.end = 0;
  scan.hasRoom = false;
  for await (const reading of readRecords(scan.disk.read(file.name))) {
    if (reading.kind === 'flawed') {
      if (file.kind === 'snapshot') throw damage(file.name, reading, 'a whole snapshot');
      return reading;
    }
    if (reading.kind === 'blank') {
      scan.hasRoom = true;
      break;
    }
    const { offset } = reading;
    if (scan.sequence !== null && reading.sequence !== scan.sequence) {
      const expected = `record number ${scan.sequence}`;
      throw damage(file.name, { offset, expected, got: `number ${reading.sequence}` });
    }
    const payload = payloadOf(file.name, offset, reading.payload);
    if (first !== (payload.kind === 'header')) {
      const expected = first ? 'a header' : 'no second header';
      throw damage(file.name, { offset, expected, got: payload.kind });
    }
    if (payload.kind === 'header') checkHeader(file, payload);
    if (payload.kind === 'snapshot') scan.snapshot = payload.snapshot;
    if (payload.kind === 'batch') for (const record of payload.records) scan.records.push(record);
    scan.sequence = reading.sequence + 1;
    scan.end = offset + recordHeaderBytes + reading.payload.length;
    first = false;
  }
  if (!first) return null;
  const got = scan.hasRoom ? 'nothing but zeros' : 'an empty file';
  const empty = { offset: 0, expected: 'a header', got };
  if (file.kind === 'snapshot') throw damage(file.name, empty);
  return empty;
}

function payloadOf(name: string, offset: number, bytes: Uint8Array): Payload {
  try {
    return parsePayload(bytes);
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    throw damage(name, { offset, expected: 'a payload that this version writes', got });
  }
}

function checkHeader(
  file: Exclude<LogFile, { kind: 'temporary' }>,
  header: Extract<Payload, { kind: 'header' }>,
): void {
  if (header.file === file.kind && header.number === file.number) return;
  const expected = `the header of ${file.kind} ${file.number}`;
  throw damage(file.name, { offset: 0, expected, got: `of ${header.file} ${header.number}` });
}

/** A tear is at the very end. Anything whole behind it was written later, after this was synced. */
async function insistOnTear(disk: Disk, name: string, torn: Torn, sequence: number): Promise<void> {
  const rest: Uint8Array[] = [];
  for await (const chunk of disk.read(name, torn.offset)) rest.push(chunk);
  const successor = findSuccessor(Buffer.concat(rest), sequence);
  if (successor === null) return;
  throw damage(name, torn, `a later record follows at offset ${torn.offset + successor}`);
}

/**
 * What was read may be in the kernel's memory only, if the last process was killed between write and
 * sync. It counts as durable from now on, so it must be.
 */
async function settle(disk: Disk, name: string, cutAt: number | null): Promise<void> {
  const file = await disk.open(name);
  if (cutAt !== null) await file.truncate(cutAt);
  await file.sync();
  await file.close();
}

function noteOf(name: string, torn: Torn): string {
  const where = `at offset ${torn.offset}`;
  return `cut the torn tail of ${name} ${where}: expected ${torn.expected}, got ${torn.got}`;
}

function damage(name: string, torn: Torn, more?: string): StorageDamage {
  const reason = more === undefined ? '' : ` (${more})`;
  return new StorageDamage(
    `the log is damaged in ${name} at offset ${torn.offset}: ` +
      `expected ${torn.expected}, got ${torn.got}${reason}. This node must not start: it would ` +
      'forget what it has promised. Restore the file, or replace the node by a new member',
  );
}
