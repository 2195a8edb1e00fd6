import { type OpEvent, isFaultEvent } from '../core/event.ts';
import type { LatencyStats, Run, RunStats } from '../core/run.ts';
import { mergeValidity } from '../core/verdict.ts';
import { type Latencies, latencies } from '../runner/latencies.ts';
import { quantiles } from './figures.ts';
import type { Rounds, Side } from './sides.ts';

/** One run has no rounds, so it is cut into stretches of time, and they stand for them. */
const most = 12;
const fewest = 5;
const shortestMs = 500;

/**
 * A run as something to compare: each of its blocks counts as a round. Blocks are long, so that what
 * happens in one says little of the next (batch means); how much one run differs from another they
 * cannot show.
 */
export function runSide(run: Run, label: string): Side {
  const { results, startedAt, command, path } = run;
  return {
    ...{ label, paths: [path], startedAt, command, valid: results.valid },
    cells: [{ name: '', key: '', rounds: blocksOf(run), flaws: flawsOf(run) }],
  };
}

/** Several runs of one thing: each is a round of its own. */
export function runsSide(runs: readonly Run[], label: string): Side {
  const [first] = runs;
  if (first === undefined) throw new Error('expected at least one run, got none');
  const perRun = runs.map(({ results }) => figuresOfRun(results.stats));
  const names = new Set(perRun.flatMap((each) => Object.keys(each)));
  return {
    ...{ label, paths: runs.map(({ path }) => path) },
    ...{ startedAt: first.startedAt, command: first.command },
    valid: mergeValidity(runs.map(({ results }) => results.valid)),
    cells: [
      {
        ...{ name: '', key: '' },
        rounds: Object.fromEntries(
          [...names].map((name) => [name, perRun.map((each) => each[name] ?? null)]),
        ),
        flaws: runs.flatMap(flawsOf),
      },
    ],
  };
}

/** How many blocks a run of that length is cut into. */
export function blockCount(durationMs: number): number {
  return Math.max(fewest, Math.min(most, Math.floor(durationMs / shortestMs)));
}

/** A whole run's figures, by name. */
export function figuresOfRun(stats: RunStats): Readonly<Record<string, number | null>> {
  const { ok, fail, info } = stats.counts;
  const all = ok + fail + info + stats.unissued;
  const cas = stats.byOp.cas?.fail ?? 0;
  const { latencyMs } = stats;
  const told = ok === 0 ? {} : namedQuantiles('', latencyMs);
  const byOp = Object.entries(stats.byOp)
    .filter(([, each]) => each.ok > 0)
    .map(([op, each]) => namedQuantiles(`${op}.`, each.latencyMs));
  return {
    throughput: stats.throughput,
    errors: all === 0 ? null : (100 * (all - ok - cas)) / all,
    ...(ok === 0 ? {} : { max: latencyMs.max, mean: latencyMs.mean }),
    ...(Object.assign({}, told, ...byOp) as Record<string, number>),
  };
}

function namedQuantiles(
  prefix: string,
  { p50, p90, p99, p999 }: LatencyStats,
): Readonly<Record<string, number>> {
  return {
    [`${prefix}p50`]: p50,
    [`${prefix}p90`]: p90,
    [`${prefix}p99`]: p99,
    [`${prefix}p99.9`]: p999,
  };
}

interface Block {
  ok: number;
  all: number;
  errors: number;
  readonly latency: Map<string, Latencies>;
}

function blocksOf(run: Run): Rounds {
  const { durationMs } = run.results.stats;
  const count = blockCount(durationMs);
  const blockNs = (durationMs * 1e6) / count;
  const blocks = Array.from({ length: count }, (): Block => ({
    ...{ ok: 0, all: 0, errors: 0 },
    latency: new Map(),
  }));
  const blockAt = (timeNs: number): Block | undefined => blocks[Math.floor(timeNs / blockNs)];
  const open = new Map<number, OpEvent>();
  for (const event of run.history.events()) {
    if (isFaultEvent(event)) continue;
    if (event.phase === 'invoke') {
      if (event.timeNs < durationMs * 1e6) open.set(event.process, event);
      continue;
    }
    const invoke = open.get(event.process);
    open.delete(event.process);
    if (invoke !== undefined) account(event, invoke, blockAt);
  }
  for (const invoke of open.values()) {
    const block = blockAt(invoke.timeNs);
    if (block === undefined) continue;
    block.all++;
    block.errors++;
  }
  return roundsOf(blocks, blockNs);
}

/** Throughput counts where an operation ended; its latency and its fate where it was due. */
function account(
  event: OpEvent,
  invoke: OpEvent,
  blockAt: (timeNs: number) => Block | undefined,
): void {
  const dueNs = invoke.dueNs ?? invoke.timeNs;
  const due = blockAt(dueNs);
  const ended = blockAt(event.timeNs);
  if (due !== undefined) {
    due.all++;
    // A cas that did not match is an answer.
    if (event.phase === 'info' || (event.phase === 'fail' && event.op !== 'cas')) due.errors++;
  }
  if (event.phase !== 'ok') return;
  if (ended !== undefined) ended.ok++;
  if (due === undefined) return;
  for (const name of ['', `${event.op}.`]) {
    const own = due.latency.get(name) ?? latencies();
    due.latency.set(name, own);
    own.record(event.timeNs - dueNs);
  }
}

function roundsOf(blocks: readonly Block[], blockNs: number): Rounds {
  const prefixes = new Set(blocks.flatMap(({ latency }) => [...latency.keys()]));
  const rounds: Record<string, (number | null)[]> = {
    throughput: blocks.map(({ ok }) => ok / (blockNs / 1e9)),
    errors: blocks.map(({ all, errors }) => (all === 0 ? null : (100 * errors) / all)),
  };
  const quantile = (
    block: Block,
    prefix: string,
    read: (of: Latencies) => number,
  ): number | null => {
    const own = block.latency.get(prefix);
    return own === undefined ? null : read(own);
  };
  for (const prefix of prefixes) {
    for (const [name, percentile] of Object.entries(quantiles)) {
      rounds[`${prefix}${name}`] = blocks.map((block) =>
        quantile(block, prefix, (own) => own.percentileMs(percentile)),
      );
    }
  }
  rounds.mean = blocks.map((block) => quantile(block, '', (own) => own.stats().mean));
  rounds.max = blocks.map((block) => quantile(block, '', (own) => own.stats().max));
  return rounds;
}

function flawsOf({ results }: Run): readonly string[] {
  const { unissued, counts } = results.stats;
  return [
    ...(unissued > 0
      ? [`${unissued} operations were due and never sent, so latencies are worse than shown`]
      : []),
    ...(results.valid === 'valid' ? [] : [`the run is ${results.valid}: ${results.reason}`]),
    ...(counts.ok === 0 ? ['no operation succeeded'] : []),
  ];
}
