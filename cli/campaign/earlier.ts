import { UsageError } from '../failure.ts';
import type { SavedLine } from './campaign-folder.ts';
import type { Planner } from './combinations.ts';
import type { Digest } from './digest.ts';
import { type Groups, groupsOf } from './groups.ts';
import type { ResultLine } from './result-line.ts';
import type { Simulators } from './simulators.ts';
import { type Tally, tallyOf } from './tally.ts';

/** Which seeds of which combinations are done. */
export interface Done {
  has(combination: number, seed: number): boolean;
  add(combination: number, seed: number): void;
}

/** What is known of a campaign so far; nothing when it is new. */
export interface Earlier {
  readonly tally: Tally;
  readonly groups: Groups;
  readonly done: Done;
  /** Real time that all runs took, one after another. */
  readonly wallMs: number;
  /** The first run of every combination. */
  readonly firsts: readonly ResultLine[];
}

/** Counts what earlier sessions left, each seed once. */
export function recall(
  combinations: number,
  { lines, saved }: { readonly lines: Iterable<ResultLine>; readonly saved: Iterable<SavedLine> },
): Earlier {
  const [tally, groups, done] = [tallyOf(combinations), groupsOf(), doneSeeds()];
  const firsts = new Map<number, ResultLine>();
  const paths = new Map([...saved].map((each) => [markOf(each), each.path]));
  let wallMs = 0;
  for (const line of lines) {
    const { combination, seed } = line;
    if (done.has(combination, seed)) continue;
    done.add(combination, seed);
    tally.add(line);
    groups.add(line);
    const path = paths.get(markOf(line));
    if (path !== undefined) groups.saved(line, path);
    if (!firsts.has(combination)) firsts.set(combination, line);
    wallMs += line.wallMs;
  }
  return { tally, groups, done, wallMs, firsts: [...firsts.values()] };
}

function markOf({ combination, seed }: { readonly combination: number; readonly seed: number }) {
  return `${combination} ${seed}`;
}

function doneSeeds(): Done {
  const seeds = new Map<number, Set<number>>();
  return {
    has: (combination, seed) => seeds.get(combination)?.has(seed) === true,
    add(combination, seed) {
      const own = seeds.get(combination) ?? new Set();
      seeds.set(combination, own.add(seed));
    },
  };
}

/** As many combinations are tried again before a campaign goes on. */
const mostRepeated = 8;

/**
 * Runs the first seed of some combinations again. Versions alone do not tell whether the code is still
 * the same, and results of two different programs must not be counted together.
 */
export async function refuseChange(
  { firsts }: Earlier,
  planners: readonly Planner[],
  crew: Simulators,
): Promise<void> {
  const jobs = firsts.slice(0, mostRepeated).flatMap((line) => {
    const plan = planners[line.combination]?.planFor(line.seed);
    return plan === undefined ? [] : [{ line, plan }];
  });
  await crew.simulateAll(jobs, {
    onResult({ line, plan }, digest) {
      const [was, is] = [essence(line), essence(digest)];
      if (was === is) return;
      throw new UsageError(
        `expected seed ${line.seed} of ${plan.workload} on ${plan.system} to come out as it did (${was}), got ${is}; dtest or its systems have changed since, so start a new campaign`,
      );
    },
  });
}

/** Enough to tell one execution from another. */
function essence({ outcome, ok, fail, info, events }: Digest): string {
  return `${outcome}, ${ok} ok, ${fail} fail, ${info} info, ${events} events`;
}
