import type { Reporter } from '../core/reporter.ts';
import type { Run } from '../core/run.ts';
import { plural } from '../reports/figures.ts';
import { junit } from '../reports/junit.ts';
import { markdown } from '../reports/markdown.ts';
import { summaryText } from '../reports/summary.ts';
import { tellGitHub } from './ci/github.ts';
import { runNotices } from './ci/notices.ts';
import { refuseFolders, writeFiles } from './ci/output-files.ts';
import { type RunRequest, executeRun } from './execute-run.ts';
import { messageOf } from './failure.ts';
import { interruptible } from './interrupt.ts';
import { isOwnerAlive } from './owner.ts';
import { planOf } from './plan.ts';
import { progressLine } from './progress-line.ts';
import type { RunFlagValues } from './run-flags.ts';
import { refuseVerify, verifyRun } from './verify.ts';
import { chooseWorld, isWorldName } from './worlds.ts';

/** What a command prints, returns and exits with. */
export interface CommandOutcome {
  readonly text: string;
  readonly json: unknown;
  readonly exitCode: number;
}

/** `dtest run`: one run from flags to summary. */
export async function runOnce(
  workload: string,
  flags: RunFlagValues,
  { json }: { readonly json: boolean },
): Promise<CommandOutcome> {
  // Mistakes in the arguments come before anything that takes time.
  const first = planOf(workload, isWorldName(flags.world) ? flags.world : 'local', flags);
  if (flags.verify) refuseVerify(first);
  await refuseFolders({ junit: flags.junit, markdown: flags.markdown });
  const { world, why } = await chooseWorld(flags.world);
  const plan = planOf(workload, world.name, flags);
  const { bug = 'none' } = plan.settings;
  const planted = bug === 'none' ? '' : ` with ${bug}`;
  const heading = `dtest run ${workload} · ${plan.system}${planted} · ${plan.world} (${why}) · ${plural(plan.nodes, 'node')} · seed ${plan.seed}`;
  const request = { plan, world, store: flags.store, keep: flags.keep };
  const { run, problems, interrupted } = await executeWatched(request, {
    ...{ heading, quiet: flags.quiet || json },
  });
  await tellBuildServer(run, flags);
  const verified = flags.verify && !interrupted ? [await verifyRun(run)] : [];
  const color = process.stdout.isTTY && (process.env.NO_COLOR ?? '') === '';
  const text = [summaryText(run, { color }), ...keptNote(run), ...verified, ...problems].join('\n');
  return { text, json: jsonOf(run), exitCode: run.results.exitCode };
}

/** A cluster that was left up is of use only to somebody who knows where it listens. */
function keptNote({ facts }: Run): string[] {
  const kept = (facts.kept ?? {}) as Readonly<Record<string, Readonly<Record<string, string>>>>;
  const lines = Object.entries(kept).map(([node, addresses]) =>
    [node, ...Object.entries(addresses).map((each) => each.join(' '))].join('  '),
  );
  if (lines.length === 0) return [];
  return [...lines, 'until dtest clean'].map(
    (line, at) => `${at === 0 ? 'kept    ' : '        '}${line}`,
  );
}

/** Runs with progress on standard error; Ctrl-C ends it early, in order. */
export async function executeWatched(
  request: RunRequest,
  { heading, quiet }: { readonly heading: string; readonly quiet: boolean },
): Promise<{
  readonly run: Run;
  readonly problems: readonly string[];
  readonly interrupted: boolean;
}> {
  using progress = progressLine(quiet);
  using interrupt = interruptible(() =>
    progress.note(
      'ending early; press Ctrl-C again to stop at once and leave the rest to dtest clean',
    ),
  );
  progress.note(heading);
  for (const line of await sweep(request)) progress.note(line);
  const { run, reportProblems } = await executeRun(request, {
    onProgress: (each) => progress.show(each),
    signal: interrupt.signal,
  });
  return { run, problems: reportProblems, interrupted: interrupt.signal.aborted };
}

/** Removes what dead runs left in this world; what cannot be removed does not stop a new run. */
async function sweep({ world }: RunRequest): Promise<readonly string[]> {
  try {
    return await world.clean({ isAlive: isOwnerAlive, includeKept: false });
  } catch (error) {
    return [`could not remove what an earlier run left behind: ${messageOf(error)}`];
  }
}

/** The files that were asked for, and what GitHub shows. */
async function tellBuildServer(
  run: Run,
  files: Pick<RunFlagValues, 'junit' | 'markdown'>,
): Promise<void> {
  const summary = await contentOf(run, markdown);
  await writeFiles([
    [files.junit, () => contentOf(run, junit)],
    [files.markdown, () => summary],
  ]);
  await tellGitHub({ notices: runNotices(run), summary });
}

async function contentOf(run: Run, reporter: Reporter): Promise<string> {
  const [artifact] = await reporter.render(run);
  return typeof artifact?.content === 'string' ? artifact.content : '';
}

/** What `--json` prints: the results, and where everything is. */
export function jsonOf(run: Run): unknown {
  const { name, path, startedAt, command, facts, results } = run;
  // Operations that are laid down stand in a file of their own.
  const { operations: _, ...plan } = run.plan;
  return { schema: 1, name, path, startedAt, command, plan, facts, ...results };
}
