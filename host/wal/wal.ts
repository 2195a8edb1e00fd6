import type { Durable } from '../../core/protocol.ts';
import { encodePayload } from '../../wire/frame-payload.ts';
import { type Disk, StorageFailure } from './disk.ts';
import { type FolderStats, type LogFolder, logFolder } from './log-folder.ts';
import { recover } from './recovery.ts';

/**
 * A write-ahead log with group commit: whatever is asked for while the disk is busy goes out
 * together, in one write and one sync. Persists and compactions are numbered 1, 2, 3, … from the
 * opening, in the order of the calls.
 */
export interface Wal {
  /** Encodes the records before it returns, so that the caller may change them afterwards. */
  persist(records: readonly unknown[]): void;
  /** Replaces everything persisted before; wholly or not at all. */
  compact(snapshot: unknown, records: readonly unknown[]): void;
  /** Resolves when all that was asked for is durable and the file is closed. */
  close(): Promise<void>;
  /** Asked for and not durable yet. */
  waitingBytes(): number;
  stats(): WalStats;
}

export interface WalOptions {
  readonly disk: Disk;
  /** A segment that has reached this size is closed and the next one begun. */
  readonly segmentBytes: number;
  /** Everything up to this number is durable. Numbers rise; not each is reported. */
  readonly onDurable: (number: number) => void;
  /** The disk failed. Nothing more is written, nothing more becomes durable; the node must stop. */
  readonly onFailure: (failure: StorageFailure) => void;
}

export interface WalStats extends FolderStats {
  /** Asked for and not durable yet, as are the bytes. */
  readonly waitingBytes: number;
  readonly waitingPersists: number;
  readonly persists: number;
  /** Group commits, of one write and one sync each. */
  readonly batches: number;
  readonly maxBatchPersists: number;
  readonly compactions: number;
}

export interface OpenedWal {
  readonly wal: Wal;
  readonly durable: Durable;
  /** In words: what recovery cut off or cleared away. */
  readonly notes: readonly string[];
}

/** Batches stop growing here, so that memory and the time of one sync stay bounded. */
const maxBatchBytes = 8 << 20;

/** Recovers what the disk kept. Throws `StorageDamage` or the disk's own error. */
export async function openWal(options: WalOptions): Promise<OpenedWal> {
  const recovered = await recover(options.disk);
  const folder = await logFolder(options.disk, options.segmentBytes, recovered);
  return { wal: walOf(folder, options), durable: recovered.durable, notes: recovered.notes };
}

type Job =
  | { readonly kind: 'persist'; readonly bytes: Uint8Array }
  | { readonly kind: 'compact'; readonly snapshot: Uint8Array; readonly bytes: Uint8Array };

/** The queue, and who empties it. */
interface Writing {
  readonly folder: LogFolder;
  readonly options: WalOptions;
  jobs: Job[];
  waitingBytes: number;
  /** Number of the last job that is durable. */
  durable: number;
  batches: number;
  maxBatchPersists: number;
  compactions: number;
  /** Settles when the queue is empty; null while nobody empties it. */
  busy: Promise<void> | null;
  failed: boolean;
}

function walOf(folder: LogFolder, options: WalOptions): Wal {
  const writing: Writing = {
    folder,
    options,
    jobs: [],
    waitingBytes: 0,
    durable: 0,
    batches: 0,
    maxBatchPersists: 0,
    compactions: 0,
    busy: null,
    failed: false,
  };
  return {
    persist: (records) => enqueue(writing, { kind: 'persist', bytes: encodePayload(records) }),
    compact(snapshot, records) {
      const bytes = encodePayload(records);
      enqueue(writing, { kind: 'compact', snapshot: encodePayload(snapshot), bytes });
    },
    async close() {
      while (writing.busy !== null) await writing.busy;
      await folder.close();
    },
    waitingBytes: () => writing.waitingBytes,
    stats: () => statsOf(writing),
  };
}

function enqueue(writing: Writing, job: Job): void {
  if (writing.failed) return;
  writing.jobs.push(job);
  writing.waitingBytes += sizeOf(job);
  // Begins after the caller's turn, which may ask for more that can go along.
  writing.busy ??= Promise.resolve().then(() => empty(writing));
}

async function empty(writing: Writing): Promise<void> {
  try {
    while (writing.jobs.length > 0) {
      const batch = nextBatch(writing.jobs);
      await write(writing, batch);
      writing.jobs.splice(0, batch.length);
      writing.waitingBytes -= batch.reduce((sum, job) => sum + sizeOf(job), 0);
      writing.durable += batch.length;
      writing.options.onDurable(writing.durable);
      await writing.folder.rotateIfFull();
    }
  } catch (cause) {
    writing.failed = true;
    writing.options.onFailure(failureOf(cause));
  } finally {
    writing.busy = null;
  }
}

/** Consecutive persists up to the bound, or one compaction. */
function nextBatch(jobs: readonly Job[]): readonly Job[] {
  if (jobs[0]?.kind === 'compact') return jobs.slice(0, 1);
  let bytes = 0;
  const end = jobs.findIndex((job, at) => {
    if (job.kind === 'compact' || (at > 0 && bytes > maxBatchBytes)) return true;
    bytes += job.bytes.length;
    return false;
  });
  return end < 0 ? jobs.slice() : jobs.slice(0, end);
}

async function write(writing: Writing, batch: readonly Job[]): Promise<void> {
  const [first] = batch;
  if (first?.kind === 'compact') {
    await writing.folder.compact(first.snapshot, first.bytes);
    writing.compactions++;
    return;
  }
  await writing.folder.append(batch.map((job) => job.bytes));
  writing.batches++;
  writing.maxBatchPersists = Math.max(writing.maxBatchPersists, batch.length);
}

function sizeOf(job: Job): number {
  return job.bytes.length + (job.kind === 'compact' ? job.snapshot.length : 0);
}

function failureOf(cause: unknown): StorageFailure {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const advice =
    (cause as { readonly code?: unknown } | null)?.code === 'ENOSPC'
      ? 'free some space, then start it again'
      : 'check the disk, then start it again';
  return new StorageFailure(
    `expected the disk to take and keep what is written, got ${reason}. The node stops, because ` +
      `nothing more can be promised; ${advice}`,
    { cause },
  );
}

function statsOf(writing: Writing): WalStats {
  const { waitingBytes, jobs, durable, batches, maxBatchPersists, compactions } = writing;
  return {
    ...{ waitingBytes, waitingPersists: jobs.length, persists: durable },
    ...{ batches, maxBatchPersists, compactions, ...writing.folder.stats() },
  };
}
