import { decodePayload, encodePayload } from '../../wire/frame-payload.ts';
import { Packr } from 'msgpackr';

/** What a record on disk holds; its first byte says which. */
export type Payload =
  /** Opens every file, and says which it is. */
  | { readonly kind: 'header'; readonly file: 'segment' | 'snapshot'; readonly number: number }
  /** Persisted records, in order. */
  | { readonly kind: 'batch'; readonly records: readonly unknown[] }
  | { readonly kind: 'snapshot'; readonly snapshot: unknown };

const tagOf = { header: 1, batch: 2, snapshot: 3 } as const;
const format = 'dtest-wal';
const version = 1;

/** Reads the values that stand one after the other in a batch. */
const reader = new Packr({ useRecords: false, mapsAsObjects: true });

export function headerParts(file: 'segment' | 'snapshot', number: number): readonly Uint8Array[] {
  return [Uint8Array.of(tagOf.header), encodePayload({ format, version, file, number })];
}

/** Each of `persists` is the encoding of one array of records. */
export function batchParts(persists: readonly Uint8Array[]): readonly Uint8Array[] {
  return [Uint8Array.of(tagOf.batch), ...persists];
}

export function snapshotParts(encodedSnapshot: Uint8Array): readonly Uint8Array[] {
  return [Uint8Array.of(tagOf.snapshot), encodedSnapshot];
}

/** Throws on what this version does not write. */
export function parsePayload(bytes: Uint8Array): Payload {
  const body = bytes.subarray(1);
  switch (bytes[0]) {
    case tagOf.header:
      return parseHeader(decodePayload(body));
    case tagOf.batch:
      return { kind: 'batch', records: reader.unpackMultiple(body).flat(1) };
    case tagOf.snapshot:
      return { kind: 'snapshot', snapshot: decodePayload(body) };
    default:
      throw new Error(`expected a record of kind 1 to 3, got ${String(bytes[0])}`);
  }
}

interface Header {
  readonly format?: unknown;
  readonly version?: unknown;
  readonly file?: unknown;
  readonly number?: unknown;
}

function parseHeader(value: unknown): Payload {
  const header = value as Header;
  if (header.format !== format || header.version !== version) {
    throw new Error(
      `expected a file of format ${format} version ${version}, got ` +
        `${String(header.format)} version ${String(header.version)}`,
    );
  }
  const file = header.file === 'segment' ? 'segment' : 'snapshot';
  return { kind: 'header', file, number: Number(header.number) };
}
