import type { Parcel, Sink, Stage, StageMaker } from './pipeline.ts';

/** How much one direction of one connection holds before its sender feels back pressure. */
export const holdLimitBytes = 64 * 1024;
const holdLimitParcels = 16 * 1024;

/** A directed link as the connections over it see it. */
export interface Way {
  isCut(): boolean;
  /** Called for whatever a cut holds back: a chunk of bytes, an end, a connection attempt. */
  onHeld(): void;
}

export interface Gate {
  readonly stage: StageMaker;
  readonly heldBytes: () => number;
}

/**
 * Lets parcels through while the link is healthy and holds them, in order, while it is cut. This is
 * what a network that drops packets looks like from above TCP: nothing arrives, nobody is told, and
 * after the heal retransmission brings everything that was sent. A reset overtakes and voids what is
 * held, for a sender that is gone retransmits nothing.
 */
export function gateOf(way: Way): Gate {
  const held: Parcel[] = [];
  let heldBytes = 0;
  const stage = (next: Sink): Stage => ({
    push(parcel) {
      if (parcel.kind === 'reset') {
        held.length = 0;
        heldBytes = 0;
      }
      const isCut = way.isCut();
      if (!isCut && held.length === 0) {
        next.push(parcel);
        return;
      }
      held.push(parcel);
      heldBytes += bytesOf(parcel);
      if (isCut) way.onHeld();
    },
    isFull() {
      if (!way.isCut()) return next.isFull();
      return heldBytes >= holdLimitBytes || held.length >= holdLimitParcels;
    },
    update() {
      while (!way.isCut() && (!next.isFull() || held[0]?.kind === 'reset')) {
        const parcel = held.shift();
        if (parcel === undefined) return;
        heldBytes -= bytesOf(parcel);
        next.push(parcel);
      }
    },
  });
  return { stage, heldBytes: () => heldBytes };
}

function bytesOf(parcel: Parcel): number {
  return parcel.kind === 'bytes' ? parcel.bytes.length : 0;
}
