/** What one end of a connection emits, in order. */
export type Parcel =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  /** The end was closed for writing (FIN). */
  | { readonly kind: 'end' }
  /** The end is gone (RST, or nobody listened). */
  | { readonly kind: 'reset' };

/** Takes parcels. Whoever sees that it is full stops giving until an update finds room again. */
export interface Sink {
  readonly push: (parcel: Parcel) => void;
  readonly isFull: () => boolean;
}

/**
 * One thing that happens to the parcels of one direction of one connection: a stage holds them back,
 * and may as well delay, thin out or reset them. `update` moves on whatever can move now; it is
 * called when a link changed or when room came up further down.
 */
export interface Stage extends Sink {
  readonly update: () => void;
}

export type StageMaker = (next: Sink) => Stage;

/** Puts stages, first to last, in front of a sink. */
export function pipeline(makers: readonly StageMaker[], sink: Sink): Stage {
  const lastToFirst: Stage[] = [];
  let next = sink;
  for (const make of makers.toReversed()) {
    const stage = make(next);
    lastToFirst.push(stage);
    next = stage;
  }
  return {
    push: next.push,
    isFull: next.isFull,
    update: () => {
      for (const stage of lastToFirst) stage.update();
    },
  };
}
