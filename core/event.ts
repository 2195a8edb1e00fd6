import type { Json } from './json.ts';
import type { NodeId } from './node-id.ts';

/** What a client asks for. `read`, `write`, `cas`, `append`, `enqueue`, … in the field's words. */
export type OpName = string;

/** Names one of the independent objects (registers, queues, …) that a workload uses. */
export type Key = string | number;

/**
 * One request to the system under test, before it is sent. A read's `value` is null, a write's is
 * what it writes, a cas's is `[from, to]`.
 */
export interface Op {
  readonly op: OpName;
  readonly key?: Key;
  readonly value: Json;
}

/**
 * How an operation ended, as far as the client can know.
 * - `ok`: it took effect, exactly once, with this result.
 * - `fail`: it certainly took no effect, then or later.
 * - `info`: unknown. It may take effect now, at any later time, or never. Whatever is not understood
 *   is `info`.
 */
export type Outcome =
  | { readonly phase: 'ok'; readonly value: Json }
  | { readonly phase: 'fail'; readonly error: string; readonly value?: Json }
  | { readonly phase: 'info'; readonly error: string };

/**
 * A client's side of the history. `index` is the place in the history and orders all events;
 * `timeNs` is monotonic, from the run's start; `dueNs` (on invocations) is when the operation
 * should have started, which is earlier than `timeNs` when no client was free.
 */
export interface OpEvent {
  readonly index: number;
  readonly timeNs: number;
  readonly dueNs?: number;
  readonly process: number;
  readonly phase: 'invoke' | 'ok' | 'fail' | 'info';
  readonly op: OpName;
  readonly key?: Key;
  readonly value: Json;
  readonly error?: string;
  readonly node?: NodeId;
}

/**
 * A fault's side of the history. `begin` is written before the fault acts, `active` once probes saw
 * that it is in force, `heal` before it is taken back, `end` once probes saw that it is gone.
 * `failed` ends a fault that could not be put in force. `value` says what is hit and what was seen.
 */
export interface FaultEvent {
  readonly index: number;
  readonly timeNs: number;
  readonly process: 'nemesis';
  readonly phase: 'begin' | 'active' | 'heal' | 'end' | 'failed';
  /** The kind of fault: `partition`, `kill`, `pause`, … */
  readonly fault: string;
  /** Ties the events of one fault together; counts from 0. */
  readonly faultId: number;
  readonly value: Json;
}

export type HistoryEvent = OpEvent | FaultEvent;

export function isFaultEvent(event: HistoryEvent): event is FaultEvent {
  return event.process === 'nemesis';
}
