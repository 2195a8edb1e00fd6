/** Effects that wait for the disk, in order. */
export interface HeldEffects {
  /** `act` runs once the persist with this number is durable. Numbers must not fall. */
  hold(afterPersist: number, act: () => void): void;
  /** Runs, in order, everything that waited for this persist or an earlier one. */
  release(durable: number): void;
  readonly size: number;
}

export function heldEffects(): HeldEffects {
  let held: { readonly after: number; readonly act: () => void }[] = [];
  return {
    hold: (after, act) => void held.push({ after, act }),
    release(durable) {
      const stays = held.findIndex(({ after }) => after > durable);
      const free = stays < 0 ? held : held.slice(0, stays);
      held = stays < 0 ? [] : held.slice(stays);
      for (const { act } of free) act();
    },
    get size() {
      return held.length;
    },
  };
}
