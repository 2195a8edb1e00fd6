import type { Plan } from '../../core/run.ts';
import { type Recorded, laidDown } from '../../runner/laid-down.ts';
import { planPasses } from '../../runner/shrink/plan-passes.ts';
import { type Shrunk, type Test, shrink } from '../../runner/shrink/search.ts';
import { signatureOf } from '../../runner/shrink/signature.ts';
import { calmConditions } from '../../simulator/conditions.ts';
import { systems } from '../../systems/index.ts';
import { lookUp } from '../lookup.ts';
import { simulate } from '../simulate.ts';
import type { Budget } from './budget.ts';

export interface PlanSearch {
  /** What a smaller run has to show to fail in the same way. */
  readonly signature: string;
  readonly budget: Budget;
  /** Told before each attempt. */
  readonly onAttempt?: (pass: string, best: Plan) => void;
}

/** Shrinks a simulated run, once it is laid down; null where it does not fail as it did even then. */
export async function searchPlan(
  recorded: Recorded,
  { signature, budget, onAttempt }: PlanSearch,
): Promise<(Shrunk<Plan> & { readonly first: Plan }) | null> {
  const testWith = testFor(signature, budget);
  const first = await firstFailing(recorded, testWith(1));
  if (first === null) return null;
  const { settings } = lookUp('system', systems, first.system);
  const shrunk = await shrink(first, {
    passes: planPasses({
      settings: Object.fromEntries(settings.map(({ name, default: plain }) => [name, plain])),
      calm: calmConditions,
    }),
    tests: patience.map(testWith),
    isSpent: () => budget.isSpent(),
    ...(onAttempt === undefined ? {} : { onAttempt }),
  });
  return { first, ...shrunk };
}

/**
 * How many seeds are tried for a candidate, at least. What is left out also moves what surroundings and
 * nodes draw after it: where the failure hangs on luck, other draws bring it back.
 */
const patience = [1, 6];

/** And for one that would save all that is left: a large cut is worth more than many small ones. */
const mostSeeds = 12;

function testFor(signature: string, budget: Budget): (seeds: number) => Test<Plan> {
  return (least) => async (plan, best) => {
    const seeds = Math.max(least, Math.ceil(mostSeeds * shareSaved(plan, best)));
    for (let turn = 0; turn < seeds && !(turn > 0 && budget.isSpent()); turn++) {
      const candidate = { ...plan, seed: plan.seed + turn };
      budget.spend();
      if ((await failureOf(candidate)) === signature) return candidate;
    }
    return null;
  };
}

/** Of the operations or of the faults, whichever is more. */
function shareSaved(plan: Plan, best: Plan): number {
  const share = (after: number, before: number): number => (before === 0 ? 0 : 1 - after / before);
  return Math.max(
    share(plan.operations?.length ?? 0, best.operations?.length ?? 0),
    share(plan.faults.length, best.faults.length),
  );
}

/** A candidate in which the harness itself fails, because no leader is ever found, say, is of no use. */
async function failureOf(plan: Plan): Promise<string | null> {
  const simulated = await simulate(plan).catch(() => null);
  return simulated === null ? null : signatureOf(simulated.results.verdict);
}

/**
 * Of a fault of the leader it matters that the node leads, and not which one it is. Only where that goes
 * another way do faults stay with all nodes that they hit, or else choose all of them anew.
 */
async function firstFailing(recorded: Recorded, test: Test<Plan>): Promise<Plan | null> {
  const explicit = laidDown(recorded);
  const live = explicit.faults.map(({ fault: _, ...planned }) => planned);
  const pinned = laidDown(recorded, 'as they were');
  for (const plan of [explicit, pinned, { ...explicit, faults: live }]) {
    const failed = await test(plan, plan);
    if (failed !== null) return failed;
  }
  return null;
}
