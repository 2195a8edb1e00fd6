import { byteBuffer } from '../../wire/frame-buffer.ts';
import { crc32c } from './crc32c.ts';

/**
 * A record on disk, little end first: the payload's length (4 bytes), CRC-32C over everything else
 * of the record (4), sequence number (8), payload. Sequence numbers rise by one from record to
 * record through all files of a log, so that a missing file or a misplaced one shows.
 *
 * One record is one batch of the group commit: the next is not written before this one is synced.
 * So a crash leaves at most one record that is not whole, and it is the last.
 */
export const recordHeaderBytes = 16;

/** Beyond this a length is damage. */
export const maxPayloadBytes = 1 << 30;

export function encodeRecord(sequence: number, parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  if (length > maxPayloadBytes) {
    throw new Error(`expected records of at most ${maxPayloadBytes} bytes, got ${length}`);
  }
  const record = Buffer.allocUnsafe(recordHeaderBytes + length);
  record.writeUInt32LE(length, 0);
  record.writeUInt32LE(sequence % 2 ** 32, 8);
  record.writeUInt32LE(Math.floor(sequence / 2 ** 32), 12);
  let at = recordHeaderBytes;
  for (const part of parts) {
    record.set(part, at);
    at += part.length;
  }
  record.writeUInt32LE(checksumOf(record), 4);
  return record;
}

/** What reading a file of records comes upon; `flawed` and `blank` end it, a clean end has none. */
export type Reading =
  | {
      readonly kind: 'record';
      readonly offset: number;
      readonly sequence: number;
      /** Valid until the next reading. */
      readonly payload: Uint8Array;
    }
  /** Zeros and nothing else from here to the end of the file: room that was made and not used. */
  | { readonly kind: 'blank'; readonly offset: number }
  | {
      readonly kind: 'flawed';
      readonly offset: number;
      readonly expected: string;
      readonly got: string;
    };

/** Reads record after record, holding one at a time. */
export async function* readRecords(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Reading> {
  const buffer = byteBuffer((size) => Buffer.allocUnsafeSlow(size));
  let offset = 0;
  let isBlank = false;
  for await (const chunk of chunks) {
    buffer.append(chunk);
    for (;;) {
      const bytes = buffer.bytes.subarray(buffer.start, buffer.end);
      isBlank ||= startsBlank(bytes);
      if (isBlank) {
        if (!bytes.every((byte) => byte === 0)) {
          yield flawAfterZeros(offset);
          return;
        }
        buffer.consume(bytes.length);
        break;
      }
      const reading = readRecord(bytes, offset);
      if (reading === null) break;
      yield reading;
      if (reading.kind !== 'record') return;
      const size = recordHeaderBytes + reading.payload.length;
      buffer.consume(size);
      offset += size;
    }
  }
  const rest = buffer.bytes.subarray(buffer.start, buffer.end);
  if (isBlank || (rest.length > 0 && rest.every((byte) => byte === 0))) {
    yield { kind: 'blank', offset };
  } else if (rest.length > 0) yield flawOfEnd(rest, offset);
}

/** No record begins like that: none has an empty payload. */
function startsBlank(bytes: Uint8Array): boolean {
  if (bytes.length < recordHeaderBytes) return false;
  for (let at = 0; at < recordHeaderBytes; at++) if (bytes[at] !== 0) return false;
  return true;
}

function flawAfterZeros(offset: number): Reading {
  const expected = 'a record, or zeros to the end of the file';
  return { kind: 'flawed', offset, expected, got: 'zeros and then something else' };
}

function flawOfEnd(bytes: Uint8Array, offset: number): Reading {
  const payloadBytes = bytes.length < recordHeaderBytes ? 0 : readUint32(bytes, 0);
  const expected = `a record of ${recordHeaderBytes + payloadBytes} bytes`;
  return { kind: 'flawed', offset, expected, got: `${bytes.length} bytes to the end of the file` };
}

/** The record at the start of the bytes, or null when they end before it does. */
function readRecord(bytes: Uint8Array, offset: number): Reading | null {
  if (bytes.length < recordHeaderBytes) return null;
  const length = readUint32(bytes, 0);
  if (length > maxPayloadBytes) {
    const expected = `a length of at most ${maxPayloadBytes}`;
    return { kind: 'flawed', offset, expected, got: `a length of ${length}` };
  }
  const end = recordHeaderBytes + length;
  if (bytes.length < end) return null;
  const record = bytes.subarray(0, end);
  const stored = readUint32(bytes, 4);
  const computed = checksumOf(record);
  // An empty payload is written by nobody.
  if (length === 0 || stored !== computed) {
    const expected = `CRC-32C ${hex(computed)} over ${end} bytes`;
    return { kind: 'flawed', offset, expected, got: hex(stored) };
  }
  const payload = bytes.subarray(recordHeaderBytes, end);
  return { kind: 'record', offset, sequence: readSequence(bytes, 8), payload };
}

/**
 * Whether anything in these bytes, which begin with a flawed record of this sequence number, was
 * written after it: a whole record with a later number at any place, or the beginnings of the very
 * next one just where the flawed one says that it ends. Either proves that the flawed record was
 * once synced, so that it is damaged and not torn. Returns the place, or null.
 */
export function findSuccessor(bytes: Uint8Array, sequence: number): number | null {
  const claimedEnd = recordHeaderBytes + (bytes.length >= 4 ? readUint32(bytes, 0) : 0);
  if (claimedEnd + recordHeaderBytes <= bytes.length) {
    if (readSequence(bytes, claimedEnd + 8) === sequence + 1) return claimedEnd;
  }
  for (let at = 1; at + recordHeaderBytes < bytes.length; at++) {
    const later = readSequence(bytes, at + 8);
    // Numbers that are near are rare enough in arbitrary bytes to afford a checksum for each.
    if (later <= sequence || later > sequence + maxRecordsInFile) continue;
    if (readRecord(bytes.subarray(at), at)?.kind === 'record') return at;
  }
  return null;
}

const maxRecordsInFile = 2 ** 32;

function checksumOf(record: Uint8Array): number {
  return crc32c(record.subarray(8), crc32c(record.subarray(0, 4)));
}

function readUint32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24)) >>>
    0
  );
}

/** Numbers beyond 2^53 are damage; they come out as numbers that no log reaches. */
function readSequence(bytes: Uint8Array, at: number): number {
  return readUint32(bytes, at) + readUint32(bytes, at + 4) * 2 ** 32;
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
