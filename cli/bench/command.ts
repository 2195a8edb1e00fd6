import { randomUUID } from 'node:crypto';
import type { Bench } from '../../core/bench.ts';
import type { World } from '../../core/system.ts';
import { mergeValidity } from '../../core/verdict.ts';
import { loadGenerator, usualThreads } from '../../load/generator.ts';
import { roundMsFor } from '../../runner/bench/warm-up.ts';
import { exitCodeOf, exitCodes } from '../../runner/exit-codes.ts';
import { plural } from '../../reports/figures.ts';
import { createRunFolder } from '../../store/run-folder.ts';
import { quoted } from '../command-line.ts';
import { type BenchJudgement, benchGate } from '../compare/bench-gate.ts';
import { UsageError, messageOf } from '../failure.ts';
import { interruptible } from '../interrupt.ts';
import { isOwnerAlive } from '../owner.ts';
import { statusLine } from '../progress-line.ts';
import type { CommandOutcome } from '../run-once.ts';
import { type ChosenWorld, chooseWorld, isWorldName, loadWorld } from '../worlds.ts';
import { machineFacts } from './bench-file.ts';
import { executeBench, plannedIn } from './execute.ts';
import type { BenchFlagValues } from './flags.ts';
import { isIdle } from './idle-systems.ts';
import { benchProgress, roughly } from './progress.ts';
import { renderReport } from './render.ts';
import { renewableGenerator } from './renewable-generator.ts';
import { type BenchRequest, requestOf } from './request.ts';
import { mostTries } from './search.ts';
import { benchText } from './text.ts';

/** `dtest bench`: from words to a saved benchmark and its table. */
export async function bench(
  words: readonly string[],
  flags: BenchFlagValues,
  { json }: { readonly json: boolean },
): Promise<CommandOutcome> {
  // Mistakes in the arguments come before anything that takes time.
  const first = requestOf(words, isWorldName(flags.world) ? flags.world : 'local', flags);
  const threads = threadsFor(first, flags.threads);
  const { world, why } = await worldFor(first, flags.world);
  const request = requestOf(words, world.name, { ...flags, seed: first.seed });
  const cells = [...new Set(plannedIn(request).map(({ cell }) => cell))];
  const { subjects, rounds } = request;
  const gate = await benchGate(flags, { subjects: subjects.length, rounds, cells });
  const startedAt = new Date();
  const name = `bench-${nameOf(request)}`;
  const folder = await createRunFolder(flags.store, name, startedAt);
  await using generator = renewableGenerator(() => loadGenerator(threads));
  using line = statusLine(flags.quiet || json);
  const estimate = estimateOf(request, world);
  line.note(headingOf(request, { why, estimate, folder: folder.path }));
  for (const each of await sweep(world)) line.note(each);
  using interrupt = interruptible(() =>
    line.note('taking the cluster down; press Ctrl-C again to leave that to dtest clean'),
  );
  await using progress = benchProgress({
    ...{ line, folder: folder.path, startedAt: startedAt.toISOString() },
    ...{ rounds: estimate.rounds, expectedMs: estimate.roundMs },
    ...{ roundMs: roundMsFor(request.timeMs), tally: () => generator.tally },
  });
  const command = commandOf(words, flags, request);
  const result = await executeBench({
    ...{ request, world, generator, folder: folder.path, name, command, progress },
    ...{ startedAt: startedAt.toISOString(), runId: `bench-${randomUUID().slice(0, 8)}` },
    ...{ facts: machineFacts(), journal: flags.journal === 'on', signal: interrupt.signal },
  }).catch((cause: unknown) => {
    throw new Error(`the benchmark broke off; what was measured is in ${folder.path}`, { cause });
  });
  const brokenOff = interrupt.signal.aborted;
  const judgement = await gate.judge(result, folder.path);
  const problem = await renderReport(result, folder);
  const text = benchText(result, { path: folder.path, brokenOff, problem });
  const { comparison } = judgement;
  return {
    text: judgement.text === '' ? text : `${text}\n\n${judgement.text}`,
    json: { path: folder.path, ...result, ...(comparison === null ? {} : { comparison }) },
    exitCode: exitCodeFor(result, judgement),
  };
}

/** A wrong answer first, then what could not be measured, then what the comparison with a baseline came to. */
function exitCodeFor(bench: Bench, { comparison, isUndecided }: BenchJudgement): number {
  const { rounds } = bench;
  const valid = mergeValidity(rounds.map(({ verdict }) => verdict.valid));
  if ((bench.failures ?? []).length > 0 && valid !== 'invalid') return exitCodes.error;
  if (rounds.length === 0) return exitCodeOf('unknown', true);
  const own = exitCodeOf(valid, true);
  if (own !== exitCodes.valid) return own;
  return isUndecided ? exitCodes.unknown : (comparison?.exitCode ?? own);
}

/** Idle systems need no engine that answers. */
async function worldFor({ subjects }: BenchRequest, name: string): Promise<ChosenWorld> {
  if (!subjects.every(isIdle)) return chooseWorld(name);
  return { world: await loadWorld('local'), why: 'nothing else is needed' };
}

/** What the system `null` holds is in one thread, so it cannot have more. */
function threadsFor({ subjects }: BenchRequest, wanted: number | undefined): number {
  const hasNull = subjects.some(({ system }) => system === 'null');
  if (!hasNull) return wanted ?? usualThreads();
  if (wanted === undefined || wanted === 1) return 1;
  throw new UsageError(
    `expected --threads 1 with the system "null", because what it holds is in one thread, got ${wanted}; loopback takes several`,
  );
}

function nameOf({ subjects }: BenchRequest): string {
  const systems = [...new Set(subjects.map(({ system }) => system))];
  return systems.length <= 4 ? systems.join('-') : `${systems.slice(0, 3).join('-')}-and-others`;
}

interface Estimate {
  readonly rounds: number;
  readonly roundMs: number;
}

/** Starting a cluster, putting keys in place, taking it down and judging, about. */
const overheadMs = { docker: 9000, local: 3500, sim: 0 };

function estimateOf(request: BenchRequest, world: World): Estimate {
  const { objectives, subjects, nodes, mixes, valueBytes } = request;
  const searches =
    objectives.length * subjects.length * nodes.length * mixes.length * valueBytes.length;
  const overhead = subjects.every(isIdle) ? 1000 : overheadMs[world.name];
  return {
    rounds: plannedIn(request).length + searches * mostTries,
    roundMs: roundMsFor(request.timeMs) + overhead,
  };
}

function headingOf(
  request: BenchRequest,
  about: { readonly why: string; readonly estimate: Estimate; readonly folder: string },
): string {
  const { subjects, world, rounds, seed } = request;
  const { why, estimate, folder } = about;
  const searched = request.objectives.map(
    ({ threshold }) => `the highest rate with ${threshold.text}`,
  );
  const cells = plannedIn(request).length / rounds;
  const what =
    cells === 0 ? searched : [`${plural(cells, 'cell')} × ${plural(rounds, 'round')}`, ...searched];
  return [
    `dtest bench ${subjects.map(({ name }) => name).join(', ')}`,
    `${world} (${why})`,
    ...what,
    `about ${roughly(estimate.rounds * estimate.roundMs)}`,
    `seed ${seed}`,
    folder,
  ].join(' · ');
}

/** Removes what dead runs left in this world; what cannot be removed does not stop a benchmark. */
async function sweep(world: World): Promise<readonly string[]> {
  try {
    return await world.clean({ isAlive: isOwnerAlive, includeKept: false });
  } catch (error) {
    return [`could not remove what an earlier run left behind: ${messageOf(error)}`];
  }
}

/** The command that measures the same again: what the user said, and the seed and world that were chosen. */
function commandOf(
  words: readonly string[],
  flags: BenchFlagValues,
  { world, seed }: BenchRequest,
): string {
  const parts = ['dtest bench', ...words.map(quoted)];
  const elsewhere = new Set(['world', 'seed', 'store', 'quiet', 'json', 'junit', 'markdown']);
  for (const [name, value] of Object.entries(flags)) {
    if (elsewhere.has(name) || value === undefined || value === usual[name]) continue;
    const values = Array.isArray(value) ? (value as readonly string[]) : [String(value)];
    for (const each of values) parts.push(`--${name}`, quoted(each));
  }
  return [...parts, '--world', world, '--seed', String(seed)].join(' ');
}

/** Flags that need not be said. */
const usual: Readonly<Record<string, string | number>> = {
  ...{ arrivals: 'poisson', 'value-size': '16', keys: 1000, time: '10s', rounds: 5 },
  ...{ nemesis: 'none', timeout: '2s', journal: 'on' },
};
