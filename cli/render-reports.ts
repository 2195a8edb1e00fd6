import type { Run } from '../core/run.ts';
import { reporters } from '../reports/index.ts';
import { renderAll } from '../reports/render-all.ts';
import { messageOf } from './failure.ts';
import { type RunFolder, writeArtifacts } from '../store/run-folder.ts';

/** Draws every report into the run's folder; gives a line for each that could not be drawn. */
export async function renderReports(run: Run, folder: RunFolder): Promise<readonly string[]> {
  const { artifacts, failures } = await renderAll(run, Object.values(reporters));
  await writeArtifacts(folder, artifacts);
  return failures.map(
    ({ reporter, error }) => `the report "${reporter}" could not be drawn: ${messageOf(error)}`,
  );
}
