import { type Hunt, plannerFor } from '../../cli/bugs/hunt.ts';
import { searchPlan } from '../../cli/shrink/search-plan.ts';
import { simulate } from '../../cli/simulate.ts';
import type { Plan } from '../../core/run.ts';
import { type Recorded, laidDown } from '../../runner/laid-down.ts';
import { signatureOf } from '../../runner/shrink/signature.ts';

/** What is spent on a bug at most; seconds are those of CPU. */
export interface Effort {
  readonly seeds: number;
  readonly runs: number;
  readonly seconds: number;
}

/** A convicted run, before and after it was shrunk. */
export interface ShrunkBug {
  readonly hunt: Hunt;
  readonly seed: number;
  readonly signature: string;
  readonly before: Size;
  readonly after: Size;
  readonly runs: number;
  readonly seconds: number;
  /** Whether nothing more could go; else the effort was spent before that was known. */
  readonly isMinimal: boolean;
}

export interface Size {
  readonly operations: number;
  readonly faults: number;
  readonly nodes: number;
}

/** Shrinks the first conviction of a bug; says why not where there is none, or none that repeats. */
export async function shrinkBug(hunt: Hunt, effort: Effort): Promise<ShrunkBug | string> {
  const planFor = await plannerFor(hunt);
  for (let seed = 1; seed <= effort.seeds; seed++) {
    const convicted = await convictedBy(planFor(seed));
    if (convicted === null) continue;
    const startedMs = cpuMs();
    const seconds = (): number => (cpuMs() - startedMs) / 1000;
    let runs = 0;
    const budget = {
      isSpent: () => runs >= effort.runs || seconds() >= effort.seconds,
      spend() {
        runs++;
      },
      runs: () => runs,
    };
    const { recorded, signature } = convicted;
    const shrunk = await searchPlan(recorded, { signature, budget });
    if (shrunk === null) return `seed ${seed} does not fail again once it is laid down`;
    const { best, isMinimal } = shrunk;
    const sizes = { before: sizeOf(laidDown(recorded)), after: sizeOf(best) };
    return { hunt, seed, signature, ...sizes, runs, seconds: seconds(), isMinimal };
  }
  return `no conviction in ${effort.seeds} seeds`;
}

async function convictedBy(
  plan: Plan,
): Promise<{ readonly recorded: Recorded; readonly signature: string } | null> {
  const simulated = await simulate(plan).catch(() => null);
  const signature = simulated === null ? null : signatureOf(simulated.results.verdict);
  if (simulated === null || signature === null) return null;
  return { recorded: { ...simulated.conducted, plan }, signature };
}

function sizeOf({ operations = [], faults, nodes }: Plan): Size {
  return { operations: operations.length, faults: faults.length, nodes };
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
