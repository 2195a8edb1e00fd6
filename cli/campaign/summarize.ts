import type {
  CampaignSummary,
  CombinationSummary,
  Group,
  OutcomeCounts,
} from '../../reports/campaign/campaign-summary.ts';
import { count, plural } from '../../reports/figures.ts';
import { exitCodes } from '../../runner/exit-codes.ts';
import type { Validity } from '../../core/verdict.ts';
import { systems } from '../../systems/index.ts';
import { commandLine } from '../command-line.ts';
import { lookUp } from '../lookup.ts';
import { type CampaignPlan, pairsOf, settingsOf } from './campaign-plan.ts';
import type { Planner } from './combinations.ts';
import type { Groups } from './groups.ts';
import type { ResultLine } from './result-line.ts';
import { type Tally, sumOf } from './tally.ts';

export interface Campaigned {
  readonly plan: CampaignPlan;
  readonly path: string;
  readonly workers: number;
  readonly planners: readonly Planner[];
  /** Seeds of each combination. */
  readonly seeds: number;
  readonly tally: Tally;
  readonly groups: Groups;
  readonly elapsedMs: number;
  readonly endedEarly: string | null;
  readonly problems: readonly string[];
}

export function summarize(campaigned: Campaigned): CampaignSummary {
  const { plan, planners, tally, groups, elapsedMs } = campaigned;
  const commandOf = ({ combination, seed }: ResultLine): string => {
    const wanted = planners[combination]?.planFor(seed);
    if (wanted === undefined) throw new Error(`expected a combination ${combination}, found none`);
    return commandLine(wanted, lookUp('system', systems, wanted.system).settings);
  };
  const combinations = planners.map((_, index) => combinationSummary(campaigned, index));
  const failures = groups.list(['invalid', 'crashed'], commandOf);
  const unknowns = groups.list(['unknown'], commandOf);
  const judgement = judge({ combinations, failures, unknowns, counts: tally.counts() });
  const { dtest, node, startedAt, command, seeds } = plan;
  return {
    ...{ schema: 1, path: campaigned.path, command, startedAt, dtest, node, seeds },
    workers: campaigned.workers,
    ...withEnding(judgement, campaigned.endedEarly),
    endedEarly: campaigned.endedEarly,
    done: tally.done(),
    total: campaigned.seeds * planners.length,
    outcomes: tally.counts(),
    elapsedMs: Math.round(elapsedMs),
    seedsPerSecond: elapsedMs > 0 ? (1000 * tally.done()) / elapsedMs : 0,
    virtualMs: tally.virtualMs(),
    events: tally.events(),
    ...{ combinations, failures, unknowns },
    faults: tally.faults(),
    operations: tally.operations(),
    operationsPerRun: tally.operationsPerRun(),
    bitesPerRun: tally.bitesPerRun(),
    problems: campaigned.problems,
  };
}

function combinationSummary(
  { plan, planners, seeds, tally }: Campaigned,
  index: number,
): CombinationSummary {
  const combination = plan.combinations[index] ?? { workload: '', words: [] };
  const { system, nemesis } = planners[index]?.planFor(0) ?? { system: '', nemesis: [] };
  const { counts, seedsPerSecond } = tally.combination(index);
  const given = pairsOf(combination).get('nemesis');
  return {
    ...{ workload: combination.workload, system, seedsPerSecond },
    nemesis: given ?? (nemesis.join(',') || 'none'),
    settings: settingsOf(combination, plan.combinations),
    ...{ done: sumOf(counts), total: seeds, outcomes: counts },
  };
}

interface Found {
  readonly combinations: readonly CombinationSummary[];
  readonly failures: readonly Group[];
  readonly unknowns: readonly Group[];
  readonly counts: OutcomeCounts;
}

interface Judgement {
  readonly valid: Validity;
  readonly reason: string;
  readonly exitCode: number;
}

/**
 * Any failure convicts, and so does an exception: a system must not throw. Otherwise every combination
 * must have proved something, by at least one valid run; single runs that proved nothing are listed.
 */
function judge({ combinations, failures, unknowns, counts }: Found): Judgement {
  const runs = sumOf(counts);
  if (failures.length > 0) {
    const failed = counts.invalid + counts.crashed;
    const reason = `${count(failed)} of ${plural(runs, 'run')} failed, in ${plural(failures.length, 'way')}${smallestOf(failures)}`;
    return { valid: 'invalid', reason, exitCode: exitCodes.invalid };
  }
  const idle = combinations.filter(({ outcomes }) => outcomes.valid === 0);
  if (idle.length > 0 || runs === 0) {
    const [some] = idle;
    const name = some === undefined ? '' : nameOf(some);
    const why = unknowns[0]?.kind ?? 'none was run';
    const reason = `no run of ${name} proved anything (${why})`;
    return { valid: 'unknown', reason, exitCode: exitCodes.unknown };
  }
  const rest = counts.unknown > 0 ? `; ${count(counts.unknown)} more proved nothing` : '';
  const reason = `no failure in ${plural(counts.valid, 'run')} of ${plural(combinations.length, 'combination')}${rest}`;
  return { valid: 'valid', reason, exitCode: exitCodes.valid };
}

function smallestOf([first]: readonly Group[]): string {
  const size = first?.examples[0]?.operations ?? 0;
  const takes = size > 0 ? `; the smallest takes ${plural(size, 'operation')}` : '';
  return `${takes}: ${first?.kind ?? ''}`;
}

function nameOf({ workload, system, nemesis, settings }: CombinationSummary): string {
  return [`${workload} on ${system}`, nemesis, settings].filter((part) => part !== '').join(', ');
}

function withEnding(judgement: Judgement, endedEarly: string | null): Judgement {
  return endedEarly === null
    ? judgement
    : { ...judgement, reason: `${judgement.reason}; ${endedEarly}` };
}
