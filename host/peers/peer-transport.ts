import type { NodeId } from '../../core/node-id.ts';

/**
 * Carries messages between the members of a cluster, as a network does: it may lose them, it keeps
 * their order as far as one connection lasts, and it never makes the sender wait. TCP frames are one
 * implementation.
 */
export interface PeerTransport {
  /** Listens and begins to dial; rejects when the port cannot be had. */
  start(onMessage: OnMessage): Promise<void>;
  /** Sends, or drops and counts: when the peer cannot be reached, or its queue is full. */
  send(to: NodeId, payload: Uint8Array): void;
  readonly stats: PeerStats;
  close(): Promise<void>;
}

/** False when the payload is no message; the transport then drops the connection it came on. */
export type OnMessage = (from: NodeId, payload: Uint8Array) => boolean;

export interface PeerStats {
  /** Peers that can be sent to now. */
  readonly connected: number;
  /** Inbound connections, welcomed or not. */
  readonly inbound: number;
  readonly connects: number;
  readonly sentFrames: number;
  readonly sentBytes: number;
  readonly receivedFrames: number;
  readonly receivedBytes: number;
  readonly droppedFrames: number;
  /** Inbound connections that were cut off: strangers, garbage, silence, too many. */
  readonly rejectedConnections: number;
}

/** What the transport has to tell a person. */
export type PeerLog = (
  level: 'info' | 'warn',
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void;
