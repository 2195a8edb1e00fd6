/**
 * How linearizable a read is: `index` confirms the ballot with a quorum, `lease` trusts clocks to
 * run at nearly the same rate, `local` answers at once from any node and may be stale.
 */
export type ReadMode = 'index' | 'lease' | 'local';

export interface PaxosSettings {
  readonly reads: ReadMode;
  readonly heartbeatMs: number;
  /** A node stands for election after 1 to 2 times this long without a leader. Leases last as long. */
  readonly electionMs: number;
  /** Messages that were not answered are sent again after this long. */
  readonly resendMs: number;
  /** The most slots in a message. */
  readonly maxBatch: number;
  /** The most batches that wait for a quorum; proposals gather meanwhile. */
  readonly pipeline: number;
  /** The most slots above the chosen prefix; proposals beyond are refused as `overloaded`. */
  readonly window: number;
  /**
   * A change of members that is chosen in slot s is in force from slot s + alpha on, and nobody
   * proposes further than this above the chosen prefix. The same for all nodes, always.
   */
  readonly alpha: number;
  /** The most reads that wait for their round. */
  readonly maxReads: number;
  /** The most characters (bytes) of a snapshot in a message. */
  readonly snapshotChunk: number;
  /** The most by which one clock may run faster than another, in percent. */
  readonly driftPercent: number;
}

/** The most slots that `isMessage` lets through in a message, whatever `maxBatch` says. */
export const batchLimit = 65_536;

/**
 * Reads the settings, all of which have defaults. Throws when one of Paxos's own is malformed; the
 * settings of others are not looked at.
 */
export function settingsOf(given: Readonly<Record<string, string>>): PaxosSettings {
  const heartbeatMs = whole(given, 'heartbeatMs', 50);
  const electionMs = whole(given, 'electionMs', 300);
  if (electionMs < 2 * heartbeatMs) {
    const got = `electionMs ${electionMs} with heartbeatMs ${heartbeatMs}`;
    throw new Error(`expected electionMs to be at least twice heartbeatMs, got ${got}`);
  }
  return {
    reads: readMode(given.reads ?? 'index'),
    heartbeatMs,
    electionMs,
    resendMs: whole(given, 'resendMs', 2 * heartbeatMs),
    maxBatch: whole(given, 'maxBatch', 256, batchLimit),
    pipeline: whole(given, 'pipeline', 8),
    window: whole(given, 'window', 8192),
    alpha: whole(given, 'alpha', 1024, batchLimit),
    maxReads: whole(given, 'maxReads', 8192),
    snapshotChunk: whole(given, 'snapshotChunk', 262_144),
    driftPercent: whole(given, 'driftPercent', 10, 50),
  };
}

function whole(
  given: Readonly<Record<string, string>>,
  name: string,
  fallback: number,
  most = 1_000_000_000,
): number {
  const text = given[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value;
  throw new Error(
    `expected the setting ${name} to be a whole number from 1 to ${most}, got ${text}`,
  );
}

function readMode(text: string): ReadMode {
  if (text === 'index' || text === 'lease' || text === 'local') return text;
  throw new Error(`expected the setting reads to be index, lease or local, got ${text}`);
}
