import type { LatencyStats, Run, RunStats } from '../core/run.ts';
import { evidenceText } from './evidence-text.ts';
import { count, duration, listing, measuredFigure, plural, rate } from './figures.ts';
import { clip, shorten, visible } from './markup/visible.ts';
import { plantedBugNote } from './planted-bug.ts';
import { type Column, textTable } from './text-table.ts';

export interface SummaryOptions {
  /** Whether to use terminal colours; never without being asked. */
  readonly color?: boolean;
}

const signs = { valid: '✓', invalid: '✗', unknown: '?' } as const;
const codes = { valid: 32, invalid: 31, unknown: 33 } as const;

/** What a run came to, for a terminal: the verdict first, the command that repeats it last. */
export function summaryText(run: Run, { color = false }: SummaryOptions = {}): string {
  const { plan, results } = run;
  const { stats, valid } = results;
  const total = stats.counts.ok + stats.counts.fail + stats.counts.info;
  const verdict = `${signs[valid]} ${valid.toUpperCase()}`;
  const about = `${shorten(plan.workload, 60)} on ${shorten(plan.system, 60)} (${plan.world}, ${plural(plan.nodes, 'node')}, ${plural(plan.concurrency, 'client')})`;
  const counts = `${plural(total, 'operation')} in ${duration(stats.durationMs)}: ${count(stats.counts.ok)} ok, ${count(stats.counts.fail)} fail, ${count(stats.counts.info)} info; ${rate(stats.throughput)} ok`;
  return [
    `${color ? `\u{1b}[1;${String(codes[valid])}m${verdict}\u{1b}[0m` : verdict}  ${oneLine(results.reason, 1000)}`,
    ...bugNote(run),
    '',
    about,
    counts,
    ...unissuedNote(stats),
    ...(valid === 'invalid' ? ['', evidenceText(results.verdict)] : []),
    '',
    latencyTable(run),
    ...(results.faults.length > 0 ? ['', faultTable(run)] : []),
    ...(results.thresholds.length > 0 ? ['', thresholdTable(run)] : []),
    '',
    `report  ${oneLine(run.path, 500)}/report.html`,
    `again   ${oneLine(run.command, 2000)}`,
  ]
    .filter((line, at, all) => line !== '' || all[at - 1] !== '')
    .join('\n');
}

/** Nobody must take the verdict for one on the system itself. */
function bugNote(run: Run): string[] {
  const note = plantedBugNote(run);
  return note === null ? [] : [`a bug is planted: ${oneLine(note, 300)}`];
}

/** An open loop that could not send in time says so next to its figures. */
function unissuedNote({ unissued }: RunStats): string[] {
  if (unissued === 0) return [];
  return [
    `${count(unissued)} more were due but never sent: every client was busy, so latencies are worse than shown`,
  ];
}

function latencyTable({ results }: Run): string {
  const columns: Column[] = [
    { title: 'operation' },
    ...['ok', 'fail', 'info', 'p50', 'p90', 'p99', 'max'].map((title) => ({ title, right: true })),
  ];
  const row = (
    name: string,
    counts: { readonly ok: number; readonly fail: number; readonly info: number },
    latency: LatencyStats,
  ): string[] => [
    shorten(name, 30),
    ...[counts.ok, counts.fail, counts.info].map(count),
    ...[latency.p50, latency.p90, latency.p99, latency.max].map(duration),
  ];
  const kinds = Object.entries(results.stats.byOp).slice(0, 30);
  return textTable(columns, [
    ...kinds.map(([name, each]) => row(name, each, each.latencyMs)),
    row('all', results.stats.counts, results.stats.latencyMs),
  ]);
}

function faultTable({ results }: Run): string {
  const columns: Column[] = [
    { title: 'fault' },
    { title: 'injected', right: true },
    { title: 'had effect', right: true },
    { title: 'what changed' },
  ];
  const rows = results.faults.map((each) => [
    shorten(each.fault, 30),
    `${count(each.injected)}${each.failed > 0 ? ` (${count(each.failed)} failed)` : ''}`,
    count(each.bit),
    oneLine(listing(each.effects, 200), 200) || 'nothing that could be seen',
  ]);
  return textTable(columns, rows);
}

function thresholdTable({ results }: Run): string {
  const columns: Column[] = [
    { title: 'threshold' },
    { title: 'measured', right: true },
    { title: 'outcome' },
  ];
  const rows = results.thresholds.map((each) => [
    shorten(each.text, 60),
    measuredFigure(each),
    each.met ? '✓ met' : '✗ missed',
  ]);
  return textTable(columns, rows);
}

function oneLine(text: string, limit: number): string {
  return visible(clip(text, limit)).replace(/\s+/gu, ' ').trim();
}
