import { join } from 'node:path';
import type { Results } from '../core/run.ts';
import { summaryText } from '../reports/summary.ts';
import type { Conducted } from '../runner/conduct.ts';
import { exitCodes } from '../runner/exit-codes.ts';
import { resultsFile, writeJson } from '../store/run-folder.ts';
import { reportBenchAgain } from './bench/report-again.ts';
import { savedAt } from './compare/sources.ts';
import { judgeRun } from './execute-run.ts';
import { openInBrowser } from './open-in-browser.ts';
import { renderReports } from './render-reports.ts';
import { type CommandOutcome, jsonOf } from './run-once.ts';
import { withMessages } from './run-records.ts';
import { type SavedRun, asRun, openRun, sightingsOf } from './saved-run.ts';

export interface ReportRequest {
  readonly store: string;
  readonly open: boolean;
}

/** Draws what is saved again: a run, or a benchmark. */
export async function reportAgain(text: string, request: ReportRequest): Promise<CommandOutcome> {
  const found = await savedAt(request.store, text);
  if (found?.kind === 'bench') return reportBenchAgain(found.path, request);
  return reportRunAgain(text, request);
}

async function reportRunAgain(
  text: string,
  { store, open }: ReportRequest,
): Promise<CommandOutcome> {
  const saved = await openRun(store, text);
  const results = saved.results ?? (await judgeSaved(saved));
  const run = asRun(saved, results);
  const watched = { ...run, sightings: await sightingsOf(saved.folder) };
  const problems = await renderReports(await withMessages(watched, saved.folder), saved.folder);
  if (open) await openInBrowser(join(saved.folder.path, 'report.html'));
  // The verdict was given by the run; what was asked for here is the drawing.
  const exitCode = problems.length === 0 ? exitCodes.valid : exitCodes.error;
  return { text: [summaryText(run), ...problems].join('\n'), json: jsonOf(run), exitCode };
}

/** The run died before its verdict: what its history holds is judged now, and kept. */
export async function judgeSaved(saved: SavedRun): Promise<Results> {
  let lastNs = 0;
  for (const { timeNs } of saved.history.events()) lastNs = timeNs;
  const { plan } = saved.test;
  const conducted: Conducted = {
    history: saved.history,
    sightings: await sightingsOf(saved.folder),
    mainEndNs: Math.min(lastNs, plan.timeMs * 1e6),
    facts: saved.test.facts,
    notRecovered: null,
    notAtRest: null,
    outside: [],
    unissued: 0,
    cutShort: 'dtest itself was killed before the end',
    breaches: [],
  };
  const results = await judgeRun(plan, conducted, { folder: saved.folder });
  await writeJson(join(saved.folder.path, resultsFile), { schema: 1, ...results });
  return results;
}
