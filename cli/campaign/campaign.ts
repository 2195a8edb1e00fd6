import { join } from 'node:path';
import type { CampaignSummary } from '../../reports/campaign/campaign-summary.ts';
import { openJournal } from '../../store/journal.ts';
import { interruptible } from '../interrupt.ts';
import { statusLine } from '../progress-line.ts';
import { type SavedLine, resultsFile } from './campaign-folder.ts';
import type { CampaignPlan } from './campaign-plan.ts';
import type { Planner } from './combinations.ts';
import { type Done, type Earlier, recall, refuseChange } from './earlier.ts';
import { type Limits, endingOf } from './ending.ts';
import { progressText } from './progress-text.ts';
import type { ResultLine } from './result-line.ts';
import { openSaver } from './saver.ts';
import { type SeedRange, countOf, seedsIn } from './seeds.ts';
import { type SimulationJob, type Simulators, simulators } from './simulators.ts';
import { summarize } from './summarize.ts';

/** A campaign that can begin, or go on. */
export interface CampaignRequest {
  readonly plan: CampaignPlan;
  /** Its folder, as the user would name it. */
  readonly path: string;
  /** Where failing runs are saved. */
  readonly store: string;
  readonly planners: readonly Planner[];
  readonly seeds: readonly SeedRange[];
  /** What earlier sessions left. */
  readonly lines: Iterable<ResultLine>;
  readonly saved: Iterable<SavedLine>;
  readonly limits: Limits;
  readonly quiet: boolean;
  /** Said before anything starts. */
  readonly heading: readonly string[];
}

/** Simulates every seed of every combination that is not done yet, and sums up all that are. */
export async function runCampaign(request: CampaignRequest): Promise<CampaignSummary> {
  const { limits, planners, plan, path, store } = request;
  const earlier = recall(planners.length, request);
  const before = earlier.tally.done();
  await using crew = simulators(limits.workers);
  await refuseChange(earlier, planners, crew);
  const startMs = performance.now();
  const { groups, tally } = earlier;
  await using saver = await openSaver({ path, store, each: limits.save, groups, crew });
  const endedEarly = await simulateRest(request, earlier, { crew, saver });
  const sessionMs = performance.now() - startMs;
  return summarize({
    ...{ plan, path, planners, tally, groups, workers: limits.workers },
    seeds: countOf(request.seeds),
    elapsedMs: sessionMs + (before === 0 ? 0 : earlier.wallMs / limits.workers),
    endedEarly,
    problems: saver.problems,
  });
}

interface Staff {
  readonly crew: Simulators;
  readonly saver: Awaited<ReturnType<typeof openSaver>>;
}

/** Resolves, when every run under way is over and saved, with why not all were done, or with null. */
async function simulateRest(
  request: CampaignRequest,
  { tally, groups, done }: Earlier,
  { crew, saver }: Staff,
): Promise<string | null> {
  using status = statusLine(request.quiet);
  using interrupt = interruptible(() =>
    status.note('ending after the runs under way; press Ctrl-C again to stop at once'),
  );
  using ending = endingOf(request.limits, interrupt.signal);
  for (const line of request.heading) status.note(line);
  const results = join(request.path, resultsFile);
  await using journal = await openJournal<ResultLine>(results, { goOn: true });
  const before = tally.done();
  const total = countOf(request.seeds) * request.planners.length;
  const startMs = performance.now();
  await crew.simulateAll(jobsOf(request, done), {
    signal: ending.signal,
    onResult({ combination, seed, plan }, digest, wallMs) {
      const line = { combination, seed, ...digest, wallMs: Math.round(wallMs) };
      journal.append(line);
      tally.add(line);
      groups.add(line);
      saver.consider(line, plan);
      ending.consider(line);
      const elapsedMs = performance.now() - startMs;
      const current = `${plan.workload} on ${plan.system}, seed ${seed}`;
      status.show(progressText({ tally, before, total, elapsedMs, current }), 'simulating');
    },
  });
  if (saver.pending() > 0) status.show('saving runs that failed', 'saving');
  await saver.finished();
  return tally.done() < total ? ending.why() : null;
}

interface Job extends SimulationJob {
  readonly combination: number;
  readonly seed: number;
}

/** Seed by seed through all combinations, so that a campaign cut short has seen something of each. */
function* jobsOf({ seeds, planners }: CampaignRequest, done: Done): Generator<Job> {
  for (const seed of seedsIn(seeds)) {
    for (const [combination, planner] of planners.entries()) {
      if (done.has(combination, seed)) continue;
      yield { combination, seed, plan: planner.planFor(seed) };
    }
  }
}
