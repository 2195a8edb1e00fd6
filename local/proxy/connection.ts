import { type Socket, connect } from 'node:net';
import type { Address } from '../../core/cluster.ts';
import { type Flow, flow } from './flow.ts';
import { type Way, holdLimitBytes } from './gate.ts';

/** The two directed links that a connection lives on. */
export interface Ways {
  /** From the dialling node to the dialled one. */
  readonly out: Way;
  /** The other way: replies travel on it, and so does the second half of the handshake. */
  readonly back: Way;
}

/** A connection that some node dialled, carried on to the node it meant. */
export interface Connection {
  update(): void;
  /** Bytes held back by a cut, each way. */
  held(): { readonly out: number; readonly back: number };
  destroy(): void;
}

export interface ConnectionOptions {
  readonly target: Address;
  readonly ways: Ways;
  readonly onOver: () => void;
}

/**
 * Carries the accepted socket `near` on to the target. A TCP handshake needs both directions, so
 * while either is cut nothing is dialled and the connection waits like an unanswered SYN (the
 * dialler's kernel calls it connected already; a proxy in user space cannot help that).
 */
export function carry(near: Socket, { target, ways, onOver }: ConnectionOptions): Connection {
  let joined: Joined | undefined;
  let unpark: (() => void) | undefined;
  near.on('error', () => undefined);
  near.once('close', () => {
    if (joined === undefined) onOver();
  });
  const update = (): void => {
    if (joined !== undefined) {
      joined.update();
    } else if (ways.out.isCut() || ways.back.isCut()) {
      unpark ??= park(near, ways.out);
    } else if (!near.destroyed) {
      unpark?.();
      joined = join(near, target, { ways, onOver });
    }
  };
  update();
  return {
    update,
    held: () => joined?.held() ?? { out: 0, back: 0 },
    destroy: () => {
      near.destroy();
      joined?.far.destroy();
    },
  };
}

/**
 * Keeps what comes early, in bounds, until the returned function puts it back. A dialler that hangs
 * up meanwhile leaves no trace: its SYN never arrived.
 */
function park(near: Socket, out: Way): () => void {
  const early: Buffer[] = [];
  let earlyBytes = 0;
  const keep = (bytes: Buffer): void => {
    early.push(bytes);
    earlyBytes += bytes.length;
    if (earlyBytes >= holdLimitBytes) near.pause();
  };
  const hangUp = (): void => {
    near.destroy();
  };
  near.on('data', keep);
  near.on('end', hangUp);
  out.onHeld();
  return () => {
    near.pause();
    near.off('data', keep);
    near.off('end', hangUp);
    if (earlyBytes > 0) near.unshift(Buffer.concat(early));
  };
}

interface Joined {
  readonly far: Socket;
  update(): void;
  held(): { readonly out: number; readonly back: number };
}

function join(near: Socket, target: Address, options: Omit<ConnectionOptions, 'target'>): Joined {
  const { ways, onOver } = options;
  const far = connect({ ...target, noDelay: true, allowHalfOpen: true });
  far.on('error', () => undefined);
  const out: Flow = flow(near, far, ways.out);
  const back: Flow = flow(far, near, ways.back);
  let open = 2;
  const onClose = (): void => {
    open -= 1;
    if (open === 0) onOver();
  };
  near.once('close', onClose);
  far.once('close', onClose);
  near.resume();
  return {
    far,
    update: () => {
      out.update();
      back.update();
    },
    held: () => ({ out: out.heldBytes(), back: back.heldBytes() }),
  };
}
