import type { WorldName } from '../../core/cluster.ts';
import type { Nemesis } from '../../core/nemesis.ts';
import { rngOf } from '../../core/rng.ts';
import type { System } from '../../core/system.ts';
import type { Subject } from '../../runner/bench/cells.ts';
import { UsageError } from '../failure.ts';
import { parseNemesis } from '../nemesis-choice.ts';
import { isIdle } from './idle-systems.ts';
import type { PlannedStrike } from './measure.ts';

/** A kind of fault, or one shape of it, as the user named it. */
export interface FaultChoice {
  readonly name: string;
  readonly nemesis: Nemesis;
  readonly variants: readonly string[];
}

export interface FaultScope {
  readonly world: WorldName;
  readonly systems: readonly System[];
  readonly subjects: readonly Subject[];
  readonly nodes: readonly number[];
}

/** `none,kill:leader` → steady state, and rounds in which the leader is killed. */
export function faultChoices(text: string, scope: FaultScope): readonly (FaultChoice | null)[] {
  const { world, systems, subjects, nodes } = scope;
  const outside = (kind: string): string | null => {
    const clauses = subjects.map(({ settings }, at) => systems[at]?.outside?.(kind, settings));
    return clauses.find((clause) => typeof clause === 'string') ?? null;
  };
  const names = new Set(text.split(',').map((part) => part.trim()));
  const found = [...names].flatMap((name): (FaultChoice | null)[] => {
    if (name === 'none') return [null];
    return parseNemesis(name, { world, mode: 'safety', outside }).map(({ nemesis, variants }) => ({
      name: name === 'all' ? nemesis.name : name,
      ...{ nemesis, variants },
    }));
  });
  // What is named twice, by itself and in \`all\`, strikes in one cell.
  const choices = found.filter(
    (each, at) => found.findIndex((other) => other?.name === each?.name) === at,
  );
  const strikes = choices.some((choice) => choice !== null);
  const idle = systems.find(({ name }) => isIdle({ system: name }));
  if (strikes && idle !== undefined) {
    throw new UsageError(
      `expected --nemesis none with the system "${idle.name}", which cannot fail`,
    );
  }
  const fewest = Math.min(...nodes);
  if (strikes && fewest < 3) {
    throw new UsageError(
      `expected at least 3 nodes, so that faults leave a majority, got --nodes ${fewest}`,
    );
  }
  return choices;
}

/** A fault comes with two fifths of the round, and goes with two thirds: before, meanwhile, afterwards. */
const beginsAt = 0.4;
const endsAt = 2 / 3;

/** The fault of a round; its shape and its targets are drawn, the same for all subjects. */
export function strikeIn(
  { nemesis, variants }: FaultChoice,
  {
    seed,
    round,
    roundMs,
  }: { readonly seed: number; readonly round: number; readonly roundMs: number },
): PlannedStrike {
  const rng = rngOf(seed, `fault of round ${round}`);
  return {
    nemesis,
    planned: {
      atMs: Math.round(roundMs * beginsAt),
      durationMs: Math.round(roundMs * (endsAt - beginsAt)),
      kind: nemesis.name,
      variant: rng.pick(variants),
      draw: rng.int(0, 2 ** 32 - 1),
    },
  };
}
