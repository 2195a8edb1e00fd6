import type { LivePart } from './live-part.ts';

/** All parts of a history that is still being written. */
export interface LiveParts {
  count(): number;
  /** Events that wait in all parts together. */
  held(): number;
  of(key: string | null): LivePart;
  /** Judges what a part can have judged now. */
  advance(part: LivePart): void;
  /** Those in which events wait. */
  waiting(): readonly LivePart[];
  all(): readonly LivePart[];
}

/** Searches kept in memory. Others are put away, so that many keys need little. */
const mostLoaded = 256;

export function createLiveParts(create: (key: string | null) => LivePart): LiveParts {
  const parts = new Map<string | null, LivePart>();
  const heldIn = new Map<LivePart, number>();
  let held = 0;
  /** Those with a search in memory, the one that was used last at the end. */
  const loaded = new Set<LivePart>();

  const countHeld = (part: LivePart): void => {
    held += part.held() - (heldIn.get(part) ?? 0);
    if (part.held() === 0) heldIn.delete(part);
    else heldIn.set(part, part.held());
  };
  const putSomeAway = (): void => {
    for (const part of loaded) {
      if (loaded.size <= mostLoaded / 2) return;
      if (!part.isIdle()) continue;
      part.judge.putAway();
      loaded.delete(part);
    }
  };
  return {
    count: () => parts.size,
    held: () => held,
    of(key) {
      let part = parts.get(key);
      if (part === undefined) parts.set(key, (part = create(key)));
      return part;
    },
    advance(part) {
      part.advance();
      countHeld(part);
      loaded.delete(part);
      if (part.judge.isLoaded()) loaded.add(part);
      if (loaded.size > mostLoaded) putSomeAway();
    },
    waiting: () => [...heldIn.keys()],
    all: () => [...parts.values()],
  };
}
