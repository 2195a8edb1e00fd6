import type { Nemesis } from '../core/nemesis.ts';
import type { PlannedFault } from '../core/run.ts';
import type { Rng } from '../core/rng.ts';

export interface FaultPlanOptions {
  /** Kinds with the variants to use of each, in the user's order. */
  readonly kinds: readonly {
    readonly nemesis: Nemesis;
    readonly variants: readonly string[];
  }[];
  readonly timeMs: number;
  /** Mean time from the start of one fault to the start of the next. */
  readonly intervalMs: number;
  readonly rng: Rng;
}

/** Seeds are 32 bits wide. */
const maxDraw = 2 ** 32 - 1;

/**
 * When which kind of fault strikes, drawn from the seed. Kinds and their variants take turns in random
 * order, so that a short run sees each; faults of different kinds may overlap; none is in force in
 * the first or last moments, so that the report has something to compare with.
 */
export function planFaults({ kinds, timeMs, intervalMs, rng }: FaultPlanOptions): PlannedFault[] {
  if (kinds.length === 0) return [];
  const turns = kinds.map(({ nemesis, variants }) => ({
    kind: nemesis.name,
    variant: takingTurns(variants, rng.split(nemesis.name)),
  }));
  const nextKind = takingTurns(turns, rng);
  const faults: PlannedFault[] = [];
  const lastMs = timeMs - intervalMs / 4;
  let atMs = intervalMs * between(rng, 0.3, 0.6);
  while (atMs < lastMs - intervalMs / 10) {
    const { kind, variant } = nextKind();
    const wantedMs = intervalMs * between(rng, 0.4, 1.1);
    faults.push({
      atMs: Math.round(atMs),
      durationMs: Math.round(Math.min(wantedMs, lastMs - atMs)),
      kind,
      variant: variant(),
      draw: rng.int(0, maxDraw),
    });
    atMs += intervalMs * between(rng, 0.7, 1.3);
  }
  return faults;
}

function between(rng: Rng, low: number, high: number): number {
  return low + (high - low) * rng.float();
}

/** Goes through the items in random order, again and again. */
function takingTurns<T>(items: readonly T[], rng: Rng): () => T {
  let round: T[] = [];
  return () => {
    if (round.length === 0) round = rng.shuffle(items);
    return round.pop() as T;
  };
}
