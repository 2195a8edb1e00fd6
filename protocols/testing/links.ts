import type { NodeId } from '../../core/node-id.ts';
import type { Rng } from '../../core/rng.ts';

/** A range of milliseconds to draw from, both ends included. */
export type RangeMs = readonly [low: number, high: number];

/** How the links treat each message. Shares are probabilities, 0 to 1. */
export interface LinkOptions {
  readonly delayMs: RangeMs;
  readonly loss: number;
  readonly duplication: number;
  /** Share of messages that take `slowMs` on top while later ones overtake them. */
  readonly reordering: number;
  readonly slowMs: RangeMs;
}

export const steadyLinks: LinkOptions = {
  delayMs: [1, 1],
  loss: 0,
  duplication: 0,
  reordering: 0,
  slowMs: [20, 250],
};

/** What the links did to messages so far. */
export interface LinkCounts {
  sent: number;
  lost: number;
  duplicated: number;
  reordered: number;
  /** Swallowed by a cut. */
  cut: number;
}

export interface Links {
  readonly counts: LinkCounts;
  /** Replaces how messages are treated from now on. */
  treat(options: LinkOptions): void;
  /** Cuts the directed link; messages on it, also those under way, are swallowed. */
  cut(from: NodeId, to: NodeId): void;
  isCut(from: NodeId, to: NodeId): boolean;
  mend(from: NodeId, to: NodeId): void;
  mendAll(): void;
  /** When copies of a message sent now arrive: never, once, or twice. */
  arrivals(from: NodeId, to: NodeId, nowMs: number): readonly number[];
}

/**
 * Directed links that keep order, as TCP does, except for the share drawn to be slow. (Bugs that
 * need reordering hide on FIFO links, and some that need order hide where all is shuffled.)
 */
export function linksOf(initial: LinkOptions, rng: Rng): Links {
  let options = initial;
  const cuts = new Set<string>();
  const lastArrivalMs = new Map<string, number>();
  const counts: LinkCounts = { sent: 0, lost: 0, duplicated: 0, reordered: 0, cut: 0 };
  const draw = ([low, high]: RangeMs): number => low + rng.float() * (high - low);

  const arrival = (link: string, nowMs: number): number => {
    const plainMs = nowMs + draw(options.delayMs);
    if (rng.float() < options.reordering) {
      counts.reordered += 1;
      return plainMs + draw(options.slowMs);
    }
    const inOrderMs = Math.max(plainMs, lastArrivalMs.get(link) ?? 0);
    lastArrivalMs.set(link, inOrderMs);
    return inOrderMs;
  };

  return {
    counts,
    treat: (next) => void (options = next),
    cut: (from, to) => void cuts.add(linkName(from, to)),
    isCut: (from, to) => cuts.has(linkName(from, to)),
    mend: (from, to) => void cuts.delete(linkName(from, to)),
    mendAll: () => cuts.clear(),
    arrivals(from, to, nowMs) {
      const link = linkName(from, to);
      counts.sent += 1;
      if (cuts.has(link)) {
        counts.cut += 1;
        return [];
      }
      if (rng.float() < options.loss) {
        counts.lost += 1;
        return [];
      }
      const first = arrival(link, nowMs);
      if (rng.float() >= options.duplication) return [first];
      counts.duplicated += 1;
      return [first, arrival(link, nowMs)];
    },
  };
}

function linkName(from: NodeId, to: NodeId): string {
  return `${from}>${to}`;
}
