import type { NodeId } from '../../core/node-id.ts';
import type { Counters, ProtocolStatus } from '../../core/protocol.ts';
import type { Rng } from '../../core/rng.ts';
import type { Consensus, ConsensusInput } from '../consensus.ts';
import type { EventQueue } from './event-queue.ts';
import type { Answer } from './host.ts';
import type { Ledger, Proposal } from './ledger.ts';
import type { Machine } from './machine.ts';
import type { LinkOptions, Links, RangeMs } from './links.ts';
import type { TestCluster } from './cluster.ts';

/** What a cluster is made of. What is not named is quiet: links that lose nothing, 1 ms to sync. */
export interface ClusterOptions<State, Message> {
  readonly consensus: Consensus<State, Message>;
  readonly nodes: number;
  readonly seed: number;
  readonly settings?: Readonly<Record<string, string>>;
  readonly links?: Partial<LinkOptions>;
  readonly fsyncMs?: RangeMs;
  /** Entries a node applies between compactions; 0 (the default) for never. */
  readonly compactEvery?: number;
  /** Clocks run at a rate in [1 - drift, 1 + drift], drawn for each node. */
  readonly clockDrift?: number;
  /** Whether every message and record is encoded and decoded on its way (default: yes). */
  readonly encoded?: boolean;
  /** Whether `readable` must never be too early (default: yes; no for deliberately unsafe reads). */
  readonly linearizableReads?: boolean;
  /** The protocol's own invariants. */
  readonly invariants?: readonly StepInvariant<State>[];
  /** Sees each message as it leaves; may use `cluster.soon` to strike at that very moment. */
  readonly onSend?: (sent: Sent<Message>, cluster: TestCluster<State, Message>) => void;
}

export interface Sent<Message> {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: Message;
}

/** Something that must hold after every step; those of `core/invariant.ts` are such. */
export interface StepInvariant<State> {
  readonly name: string;
  /**
   * Begins to watch one run. `look` is called after each step of any node, `input` being the kind of
   * its input, and says what is wrong, or null. The state is only to be looked at.
   */
  watch(): { look(node: NodeId, state: State, input: string): string | null };
}

/** One member of the cluster; its disk outlives crashes. */
export interface TestNode<State, Message> {
  readonly id: NodeId;
  /** Undefined while the node is down. */
  readonly state: State | undefined;
  readonly machine: Machine;
  readonly paused: boolean;
  /** How often it came up. */
  readonly starts: number;
  status(): ProtocolStatus | undefined;
  counters(): Counters;
  /** The node's own clock. */
  localMs(): number;
  /** Reaches the node when it runs; is lost when it is down; is held back while it is paused. */
  input(input: ConsensusInput<Message>): void;
  /** Starts it, if it is down, from what is durable. */
  start(): void;
  /** Takes it down: un-synced writes are lost but for the first `keepRecords` records of them. */
  crash(keepRecords?: number): void;
  /** Records written and not yet synced: what `crash` can choose from. */
  unsynced(): number;
  pause(): void;
  resume(): void;
}

/** A linearizable read. When it began, some node knew everything up to `floor` to be committed. */
export interface Reading {
  readonly id: number;
  readonly node: NodeId;
  /** Which start of the node was asked; a later one knows nothing of it. */
  readonly starts: number;
  readonly floor: number;
  phase: 'asked' | 'readable' | 'rejected';
  index?: number;
}

/** What the parts of one run share. */
export interface Surroundings<State, Message> {
  readonly options: ClusterOptions<State, Message>;
  readonly ids: readonly NodeId[];
  readonly rng: Rng;
  readonly queue: EventQueue;
  readonly links: Links;
  readonly ledger: Ledger;
  readonly proposals: Map<number, Proposal>;
  readonly readings: Map<number, Reading>;
  /** An administrator's requests, and what became of each. */
  readonly errands: Map<number, Answer | undefined>;
  nowMs(): number;
  send(sent: Sent<Message>): void;
  /** A node has made a step; `input` is the kind of its input. */
  check(node: NodeId, state: State, input: string): void;
}
