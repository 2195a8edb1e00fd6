import { existsSync, statSync } from 'node:fs';
import { readdir, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { linesOf } from '../../checkers/formats/lines.ts';
import { textChunks } from '../../store/lines.ts';
import { readJson, writeJson } from '../../store/run-folder.ts';
import { createStampedFolder } from '../../store/stamped-folder.ts';
import { UsageError, messageOf } from '../failure.ts';
import type { CampaignPlan } from './campaign-plan.ts';
import type { ResultLine } from './result-line.ts';

export const campaignFile = 'campaign.json';
export const resultsFile = 'results.jsonl';
export const savedFile = 'saved.jsonl';

/** A line of `saved.jsonl`: where the whole of a run lies. */
export interface SavedLine {
  readonly combination: number;
  readonly seed: number;
  readonly path: string;
}

/** Makes `<store>/campaign/<timestamp>/` with the plan in it. */
export async function createCampaignFolder(store: string, plan: CampaignPlan): Promise<string> {
  const parent = join(store, 'campaign');
  const { path } = await createStampedFolder(parent, new Date(plan.startedAt));
  await writeJson(join(path, campaignFile), plan);
  return path;
}

/** A campaign as an earlier session left it. */
export interface EarlierCampaign {
  readonly path: string;
  readonly plan: CampaignPlan;
  readonly lines: Iterable<ResultLine>;
  readonly saved: Iterable<SavedLine>;
}

/**
 * Finds a campaign by what a user may type: its folder, a file in it, its timestamp, or `latest`. Cuts
 * off a last line that was not written whole, because more are to follow.
 */
export async function openCampaign(store: string, text: string): Promise<EarlierCampaign> {
  const path = await findCampaign(store, text);
  const plan = checkedPlan(await readJson(join(path, campaignFile)).catch(refuse), path);
  const [results, saved] = [join(path, resultsFile), join(path, savedFile)];
  for (const file of [results, saved]) await cutTornLine(file);
  return {
    ...{ path, plan },
    lines: valuesIn(results) as Iterable<ResultLine>,
    saved: valuesIn(saved) as Iterable<SavedLine>,
  };
}

async function findCampaign(store: string, text: string): Promise<string> {
  const isFile = existsSync(text) && statSync(text).isFile();
  const candidates = [isFile ? dirname(text) : text, join(store, 'campaign', text)];
  const found = candidates.find((each) => existsSync(join(each, campaignFile)));
  if (found !== undefined) return found;
  const newest = text === 'latest' ? await newestIn(join(store, 'campaign')) : undefined;
  if (newest !== undefined) return newest;
  throw new UsageError(
    `expected --resume to name a campaign: a folder with a ${campaignFile}, or "latest" in the store ${store}; got "${text}"`,
  );
}

async function newestIn(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const campaigns = names.filter((name) => existsSync(join(folder, name, campaignFile))).sort();
  const newest = campaigns.at(-1);
  return newest === undefined ? undefined : join(folder, newest);
}

/** What is in the store is the user's: a file that cannot be read is not dtest's failure. */
function refuse(error: unknown): never {
  throw new UsageError(messageOf(error));
}

function checkedPlan(value: unknown, path: string): CampaignPlan {
  const plan = value as Partial<CampaignPlan> | null;
  const isPlan = typeof plan?.seeds === 'string' && Array.isArray(plan.combinations);
  if (plan?.schema === 1 && isPlan) return plan as CampaignPlan;
  throw new UsageError(
    `expected a ${campaignFile} of schema 1 in ${path}, got something else; was it written by a newer dtest?`,
  );
}

/** A harness that was killed leaves at worst a line without its end. */
async function cutTornLine(path: string): Promise<void> {
  if (!existsSync(path)) return;
  let [wholeBytes, readBytes] = [0, 0];
  for (const chunk of textChunks(path)) {
    const end = chunk.lastIndexOf('\n');
    if (end >= 0) wholeBytes = readBytes + Buffer.byteLength(chunk.slice(0, end + 1));
    readBytes += Buffer.byteLength(chunk);
  }
  if (wholeBytes < readBytes) await truncate(path, wholeBytes);
}

/** Every line that was written whole, as JSON. */
function* valuesIn(path: string): Generator {
  if (!existsSync(path)) return;
  for (const { text, number } of linesOf(textChunks(path), path)) {
    yield parsed(text, `${path}:${number}`);
  }
}

function parsed(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new UsageError(
      `${where}: expected a line of JSON, got ${JSON.stringify(line.slice(0, 60))}`,
    );
  }
}
