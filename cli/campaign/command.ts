import { basename, join } from 'node:path';
import { campaignJunit } from '../../reports/campaign/junit.ts';
import { campaignMarkdown } from '../../reports/campaign/markdown.ts';
import { campaignPage } from '../../reports/campaign/page.ts';
import { campaignText } from '../../reports/campaign/text.ts';
import { count, plural } from '../../reports/figures.ts';
import type { CampaignSummary } from '../../reports/campaign/campaign-summary.ts';
import { writeArtifacts, writeJson } from '../../store/run-folder.ts';
import { axisFlags, type CampaignFlagValues } from '../campaign-flags.ts';
import { tellGitHub } from '../ci/github.ts';
import { campaignNotices } from '../ci/notices.ts';
import { refuseFolders, writeFiles } from '../ci/output-files.ts';
import { quoted } from '../command-line.ts';
import { parseDuration } from '../durations.ts';
import { UsageError } from '../failure.ts';
import { packageJson } from '../package-root.ts';
import type { CommandOutcome } from '../run-once.ts';
import { type CampaignRequest, runCampaign } from './campaign.ts';
import { createCampaignFolder, openCampaign } from './campaign-folder.ts';
import { type Axis, axisOf, combine, plannerOf, settingAxis } from './combinations.ts';
import type { Limits } from './ending.ts';
import { countOf, parseSeeds } from './seeds.ts';

/** `dtest campaign`: from flags to summary. */
export async function campaign(
  flags: CampaignFlagValues,
  { json }: { readonly json: boolean },
): Promise<CommandOutcome> {
  await refuseFolders({ junit: flags.junit, markdown: flags.markdown });
  const limits = limitsOf(flags);
  const wanted =
    flags.resume === undefined ? await begun(flags) : await resumed(flags, flags.resume);
  const request = { ...wanted, limits, quiet: flags.quiet || json };
  const summary = await runCampaign(request);
  await writeSummary(summary);
  const inShort = campaignMarkdown(summary);
  await writeFiles([
    [flags.junit, () => campaignJunit(summary)],
    [flags.markdown, () => inShort],
  ]);
  await tellGitHub({ notices: campaignNotices(summary), summary: inShort });
  const color = process.stdout.isTTY && (process.env.NO_COLOR ?? '') === '';
  return { text: campaignText(summary, { color }), json: summary, exitCode: summary.exitCode };
}

type Wanted = Omit<CampaignRequest, 'limits' | 'quiet'>;

function limitsOf(flags: CampaignFlagValues): Limits {
  const limit = flags['time-limit'];
  return {
    workers: flags.workers,
    timeMs: limit === undefined ? null : parseDuration(limit, '--time-limit'),
    failures: flags['fail-fast'] ? 1 : (flags['max-failures'] ?? null),
    save: flags.save,
  };
}

/** More would take months, and their results more memory than there is. */
const mostRuns = 10_000_000;

async function begun({ plan: values, store, workers }: CampaignFlagValues): Promise<Wanted> {
  const text = (name: string): string => {
    const value = values[name];
    return typeof value === 'string' ? value : '';
  };
  const seeds = parseSeeds(text('seeds'));
  const { planners, misfits } = await combine(axesOf(values));
  const runs = countOf(seeds) * planners.length;
  if (runs > mostRuns) {
    throw new UsageError(
      `expected at most ${count(mostRuns)} runs, got ${plural(planners.length, 'combination')} of ${plural(countOf(seeds), 'seed')}; run several campaigns`,
    );
  }
  const plan = {
    schema: 1,
    dtest: packageJson().version,
    node: process.versions.node,
    startedAt: new Date().toISOString(),
    command: commandOf(values),
    seeds: text('seeds'),
    combinations: planners.map(({ combination }) => combination),
  } as const;
  const path = await createCampaignFolder(store, plan);
  const size = `${plural(planners.length, 'combination')} of ${plural(countOf(seeds), 'seed')}`;
  const heading = [`dtest campaign · ${size} · ${plural(workers, 'worker')} · ${path}`];
  if (misfits > 0)
    heading.push(`left out: ${plural(misfits, 'combination')} whose parts do not fit`);
  return { plan, path, store, planners, seeds, lines: [], saved: [], heading };
}

async function resumed(flags: CampaignFlagValues, text: string): Promise<Wanted> {
  const [extra] = flags.typed;
  if (extra !== undefined) {
    throw new UsageError(
      `expected no --${extra} with --resume, which goes on with what the campaign's own file says; start a new campaign for anything else`,
    );
  }
  const { plan, ...rest } = await openCampaign(flags.store, text);
  const version = packageJson().version;
  if (plan.dtest !== version) {
    throw new UsageError(
      `expected a campaign of dtest ${version} in ${rest.path}, got one of ${plan.dtest}; results of two versions do not belong together, so start a new campaign`,
    );
  }
  const planners = await Promise.all(plan.combinations.map(plannerOf));
  const heading = [`dtest campaign · going on with ${rest.path}`];
  return { plan, ...rest, store: flags.store, planners, seeds: parseSeeds(plan.seeds), heading };
}

/** Systems change slowest, then workloads, faults, settings, and the other flags in their order. */
function axesOf(values: CampaignFlagValues['plan']): readonly Axis[] {
  const axes: Axis[] = [];
  const add = (name: string, flag: string, separator?: string): void => {
    const value = values[name];
    if (typeof value === 'string') axes.push(axisOf(flag, value, separator));
  };
  add('systems', 'system');
  add('workloads', 'workload');
  add('nemesis', 'nemesis', ';');
  const { set } = values;
  if (set !== undefined && typeof set !== 'string') axes.push(...set.map(settingAxis));
  for (const name of axisFlags) add(name, name);
  return axes;
}

function commandOf(values: CampaignFlagValues['plan']): string {
  const words = Object.entries(values).flatMap(([name, value]) => {
    const all = value === undefined ? [] : typeof value === 'string' ? [value] : value;
    return all.flatMap((each) => [`--${name}`, quoted(each)]);
  });
  return ['dtest campaign', ...words].join(' ');
}

async function writeSummary(summary: CampaignSummary): Promise<void> {
  const { path } = summary;
  await writeJson(join(path, 'summary.json'), summary);
  const folder = { path, name: 'campaign', timestamp: basename(path) };
  await writeArtifacts(folder, [
    { path: 'summary.md', content: campaignMarkdown(summary) },
    { path: 'summary.html', content: await campaignPage(summary) },
  ]);
}
