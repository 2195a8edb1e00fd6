import type { Socket } from 'node:net';
import { type Way, gateOf } from './gate.ts';
import { type Sink, pipeline } from './pipeline.ts';

/** One direction of one connection. */
export interface Flow {
  /** Moves on what can move, after a change of the link or of the sockets. */
  readonly update: () => void;
  readonly heldBytes: () => number;
}

/**
 * Carries what `from` emits (bytes, its end, its reset) to `to`, through the stages of the link. What
 * a stage or the receiver cannot take is left in the sender's kernel, so a sender feels a slow
 * receiver or a long cut as it would without a proxy.
 */
export function flow(from: Socket, to: Socket, way: Way): Flow {
  const gate = gateOf(way);
  const stages = pipeline([gate.stage], socketSink(to));
  const update = (): void => {
    stages.update();
    if (!stages.isFull()) from.resume();
  };
  from.on('data', (bytes: Buffer) => {
    stages.push({ kind: 'bytes', bytes });
    if (stages.isFull()) from.pause();
  });
  from.on('end', () => stages.push({ kind: 'end' }));
  from.on('close', (hadError) => {
    if (hadError) stages.push({ kind: 'reset' });
  });
  to.on('drain', update);
  return { update, heldBytes: gate.heldBytes };
}

/** A dead receiver is full: it acknowledges nothing, and its own reset tells the sender in time. */
function socketSink(to: Socket): Sink {
  return {
    push(parcel) {
      if (to.destroyed) return;
      switch (parcel.kind) {
        case 'bytes':
          to.write(parcel.bytes);
          break;
        case 'end':
          to.end();
          break;
        case 'reset':
          to.resetAndDestroy();
          break;
      }
    },
    isFull: () => to.destroyed || to.writableNeedDrain,
  };
}
