/**
 * The files of a log's folder. Segment n+1 goes on where segment n ends. Snapshot n stands for
 * everything before segment n; it comes into being by a rename, whole or not at all.
 */
export type LogFile =
  | { readonly kind: 'segment'; readonly number: number; readonly name: string }
  | { readonly kind: 'snapshot'; readonly number: number; readonly name: string }
  /** A snapshot that a crash left unfinished. */
  | { readonly kind: 'temporary'; readonly name: string };

export function segmentName(number: number): string {
  return `segment-${String(number).padStart(12, '0')}.log`;
}

export function snapshotName(number: number): string {
  return `snapshot-${String(number).padStart(12, '0')}.log`;
}

export function temporaryName(number: number): string {
  return `${snapshotName(number)}.tmp`;
}

/** What the name is of, or null for a file that is none of the log's. */
export function logFileOf(name: string): LogFile | null {
  const match = /^(segment|snapshot)-(\d{12})\.log(\.tmp)?$/.exec(name);
  if (match === null) return null;
  if (match[3] !== undefined) return { kind: 'temporary', name };
  const kind = match[1] === 'segment' ? 'segment' : 'snapshot';
  return { kind, number: Number(match[2]), name };
}
