import type { LivePart } from './live-part.ts';

/** All parts of a history that is still being written. */
export interface LiveParts {
  readonly count: number;
  of(key: string | null): LivePart;
  /** Judges what a part can have judged now. */
  advance(part: LivePart): void;
  /** Events that wait in all parts, after a change to one of them. */
  held(part: LivePart): number;
  /** Stops waiting in part after part until no more than so many events are held. */
  giveUpWaiting(most: number, judge: (part: LivePart) => void): void;
  operations(): number;
  tooHard(): readonly LivePart[];
}

/** Searches kept in memory. Others are put away, so that many keys need little. */
const mostLoaded = 256;

export function createLiveParts(create: (key: string | null) => LivePart): LiveParts {
  const parts = new Map<string | null, LivePart>();
  const heldIn = new Map<LivePart, number>();
  let heldInAll = 0;
  /** Those with a search in memory, the one that was used last at the end. */
  const loaded = new Set<LivePart>();

  const held = (part: LivePart): number => {
    heldInAll += part.held - (heldIn.get(part) ?? 0);
    if (part.held === 0) heldIn.delete(part);
    else heldIn.set(part, part.held);
    return heldInAll;
  };
  const putSomeAway = (): void => {
    for (const part of loaded) {
      if (loaded.size <= mostLoaded / 2) return;
      if (!part.isIdle) continue;
      part.putAway();
      loaded.delete(part);
    }
  };
  return {
    get count() {
      return parts.size;
    },
    of(key) {
      let part = parts.get(key);
      if (part === undefined) parts.set(key, (part = create(key)));
      return part;
    },
    advance(part) {
      part.advance();
      held(part);
      loaded.delete(part);
      if (part.isLoaded) loaded.add(part);
      if (loaded.size > mostLoaded) putSomeAway();
    },
    held,
    giveUpWaiting(most, judge) {
      for (const part of [...heldIn.keys()]) {
        while (part.held > 0 && heldInAll > most) {
          part.giveUpWaiting();
          judge(part);
        }
      }
    },
    operations: () => [...parts.values()].reduce((sum, { operations }) => sum + operations, 0),
    tooHard: () => [...parts.values()].filter(({ outcome }) => outcome === 'too-hard'),
  };
}
