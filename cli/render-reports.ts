import type { Run } from '../core/run.ts';
import { reporters } from '../reports/index.ts';
import { type RunFolder, writeArtifacts } from '../store/run-folder.ts';
import { messageOf } from './failure.ts';

/** Draws every report into the run's folder; one that cannot be drawn loses no other. */
export async function renderReports(run: Run, folder: RunFolder): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const reporter of Object.values(reporters)) {
    try {
      await writeArtifacts(folder, await reporter.render(run));
    } catch (error) {
      problems.push(`the report "${reporter.name}" could not be drawn: ${messageOf(error)}`);
    }
  }
  return problems;
}
