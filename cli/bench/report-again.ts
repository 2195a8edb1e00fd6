import { join } from 'node:path';
import { exitCodes } from '../../runner/exit-codes.ts';
import { readBench } from '../compare/sources.ts';
import { openInBrowser } from '../open-in-browser.ts';
import type { CommandOutcome } from '../run-once.ts';
import { renderReport } from './render.ts';
import { benchText } from './text.ts';

/** Draws a saved benchmark again; what was measured stays as it is. */
export async function reportBenchAgain(
  path: string,
  { open }: { readonly open: boolean },
): Promise<CommandOutcome> {
  const { bench } = await readBench(path);
  const problem = await renderReport(bench, { path });
  if (open && problem === null) await openInBrowser(join(path, 'bench-report.html'));
  const text = benchText(bench, { path, brokenOff: false, problem });
  const exitCode = problem === null ? exitCodes.valid : exitCodes.error;
  return { text, json: { path, ...bench }, exitCode };
}
