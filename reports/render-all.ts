import type { Artifact, Reporter } from '../core/reporter.ts';
import type { Run } from '../core/run.ts';

export interface Rendering {
  readonly artifacts: readonly Artifact[];
  readonly failures: readonly { readonly reporter: string; readonly error: unknown }[];
}

/** Renders a run with each reporter in turn. One that throws loses its own artifacts and no others. */
export async function renderAll(run: Run, reporters: Iterable<Reporter>): Promise<Rendering> {
  const artifacts: Artifact[] = [];
  const failures: { reporter: string; error: unknown }[] = [];
  for (const reporter of reporters) {
    try {
      artifacts.push(...(await reporter.render(run)));
    } catch (error) {
      failures.push({ reporter: reporter.name, error });
    }
  }
  return { artifacts, failures };
}
