import type { Address } from './cluster.ts';
import type { Clock } from './clock.ts';
import type { NodeId } from './node-id.ts';
import type { Settings } from './system.ts';

/**
 * A client that generates load: one operation at a time, with a call for an answer instead of a
 * promise, and nothing made for an operation that could be made once. Keys and values are ASCII
 * texts, which stand in the store as they are.
 *
 * After an operation was begun exactly one call of `onEnd` follows, never before `read` or `write` has
 * returned. It connects by itself, when the first operation needs it and whenever it has been cut off.
 */
export interface LoadClient {
  read(key: string): void;
  write(key: string, value: string): void;
  /**
   * Gives up what is under way, which ends now: a read as `fail`, since it changed nothing, a write as
   * `info`. A late answer must never be taken for that of the next operation. Harmless when idle.
   */
  abandon(reason: string): void;
  /** Closes for good; nothing is called afterwards. */
  close(): void;
}

/**
 * How an operation ended, with the words of `Outcome`: `result` is what a read found, null where there
 * was nothing or there is nothing to say; `error` is empty where it is `ok`. A value that no client
 * can have written is handed on as it is.
 */
export type OnEnd = (phase: 'ok' | 'fail' | 'info', result: string | null, error: string) => void;

/** What a thread that generates load knows of a node. */
export interface LoadTarget {
  readonly id: NodeId;
  /** Looked up anew for every connection: a node that comes back may have others. */
  readonly addresses: Readonly<Record<string, Address>>;
}

export interface LoadClientOptions {
  readonly settings: Settings;
  /** For a connection; how long an operation may take is counted by who calls `abandon`. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly onEnd: OnEnd;
}
