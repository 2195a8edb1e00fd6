import type { JsonObject } from '../../core/json.ts';
import type { LatencyStats, Run } from '../../core/run.ts';
import type { Verdict } from '../../core/verdict.ts';
import { count, duration, listing, measuredFigure, rate } from '../figures.ts';
import { type Markup, markup } from '../markup/markup.ts';
import { clip } from '../markup/visible.ts';
import { factList } from './facts.ts';
import { plantedBugNote } from '../planted-bug.ts';

/** Characters of a value that a table shows. */
const cellLimit = 400;
/** Characters of JSON that a block shows. */
const blockLimit = 20_000;

const words = { valid: 'Valid', invalid: 'Invalid', unknown: 'Unknown' } as const;
const signs = { valid: '✓', invalid: '✗', unknown: '?' } as const;
const tones = { valid: 'good', invalid: 'bad', unknown: 'unsure' } as const;

/** The answer first: verdict, reason, and how to get it again. */
export function verdictSection(run: Run): Markup {
  const { plan, results } = run;
  const { stats } = results;
  const { counts } = stats;
  const tile = (name: string, value: string): Markup =>
    markup`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  return markup`<section id="verdict" class="verdict ${results.valid}">
<p class="about small"><span class="value">${clip(run.name, 200)}</span>: ${plan.workload} on ${plan.system}, ${plan.world}, ${plan.nodes} nodes, started ${run.startedAt}</p>
<h1><span class="word">${signs[results.valid]} ${words[results.valid]}</span></h1>
<p class="reason value">${clip(results.reason, 2000)}</p>
${bugNote(run)}<div class="command"><pre id="command"><code>${clip(run.command, 4000)}</code></pre><button type="button" data-copy="#command" hidden>Copy</button></div>
<dl class="tiles">${tile('operations', count(counts.ok + counts.fail + counts.info))}${tile('ok', count(counts.ok))}${tile('fail: no effect', count(counts.fail))}${tile('info: unknown', count(counts.info))}${stats.unissued > 0 ? tile('due, never sent', count(stats.unissued)) : ''}${tile('throughput', rate(stats.throughput))}${tile('median', duration(stats.latencyMs.p50))}${tile('99th percentile', duration(stats.latencyMs.p99))}</dl>
</section>`;
}

/** Nobody must take the verdict for one on the system itself. */
function bugNote(run: Run): Markup | null {
  const note = plantedBugNote(run);
  if (note === null) return null;
  return markup`<p class="planted">${mark('unsure', 'A bug is planted')} <span class="value">${clip(note, 1000)}</span></p>
`;
}

export function thresholdSection({ results }: Run): Markup | null {
  if (results.thresholds.length === 0) return null;
  return markup`<section id="thresholds"><h2>Thresholds</h2>
<div class="scroll narrow"><table><thead><tr><th scope="col">threshold</th><th scope="col" class="number">measured</th><th scope="col">outcome</th></tr></thead><tbody>
${results.thresholds.map(
  (each) =>
    markup`<tr><th scope="row"><code>${clip(each.text, cellLimit)}</code></th><td class="number">${measuredFigure(each)}</td><td>${each.met ? mark('good', '✓ met') : mark('bad', '✗ missed')}</td></tr>`,
)}</tbody></table></div></section>`;
}

/** Whether the faults bit: a fault that changed nothing has tested nothing. */
export function faultSection({ results }: Run): Markup {
  const intro = markup`<h2>Faults and what they did</h2>`;
  if (results.faults.length === 0) {
    return markup`<section id="faults">${intro}<p class="faint">No faults were injected. A verdict without faults says little about a system that fails.</p></section>`;
  }
  return markup`<section id="faults">${intro}<p class="faint">A fault that changes nothing a client or an observer could see proves nothing; it says so here.</p>
<div class="scroll narrow"><table><thead><tr><th scope="col">fault</th><th scope="col" class="number">injected</th><th scope="col" class="number">failed</th><th scope="col">had an effect</th><th scope="col">what changed</th></tr></thead><tbody>
${results.faults.map(
  (each) =>
    markup`<tr><th scope="row" class="value">${clip(each.fault, 80)}</th><td class="number">${count(each.injected)}</td><td class="number">${count(each.failed)}</td><td>${
      each.bit > 0
        ? mark('good', `✓ ${count(each.bit)} of ${count(each.injected)}`)
        : mark('unsure', '✗ none')
    }</td><td class="value">${listing(each.effects, cellLimit) || 'nothing that could be seen'}</td></tr>`,
)}</tbody></table></div></section>`;
}

export function figureSection({ results }: Run): Markup {
  const { stats } = results;
  const row = (
    name: Markup,
    counts: { ok: number; fail: number; info: number },
    latency: LatencyStats,
  ): Markup =>
    markup`<tr><th scope="row" class="value">${name}</th>${[counts.ok, counts.fail, counts.info].map((each) => markup`<td class="number">${count(each)}</td>`)}${[latency.mean, latency.p50, latency.p90, latency.p99, latency.p999, latency.max].map((each) => markup`<td class="number">${duration(each)}</td>`)}</tr>`;
  const kinds = Object.entries(stats.byOp).slice(0, 100);
  return markup`<section id="figures"><h2>Figures</h2>
<p class="faint">Latency counts from when an operation was due, so that a stalled system cannot hide its stall; over ${duration(stats.durationMs)}.</p>
<div class="scroll"><table><thead><tr><th scope="col">operation</th>${['ok', 'fail', 'info', 'mean', 'p50', 'p90', 'p99', 'p99.9', 'max'].map((each) => markup`<th scope="col" class="number">${each}</th>`)}</tr></thead><tbody>
${kinds.map(([name, each]) => row(markup`${clip(name, 80)}`, each, each.latencyMs))}
${row(markup`all`, stats.counts, stats.latencyMs)}</tbody></table></div></section>`;
}

/** What each checker said, and the figures that it gives. */
export function checkerSection({ results }: Run): Markup {
  return markup`<section id="checkers"><h2>Checkers</h2>${checker(results.verdict, 0)}</section>`;
}

const maximumDepth = 4;

function checker(verdict: Verdict, depth: number): Markup {
  const parts = depth < maximumDepth ? (verdict.parts ?? []).slice(0, 50) : [];
  const { failures: _, ...figures } = verdict.details ?? {};
  const tone = tones[verdict.valid];
  return markup`<details open><summary>${mark(tone, `${signs[verdict.valid]} ${verdict.valid}`)} <span class="value">${clip(verdict.checker, 80)}</span>: <span class="value">${clip(verdict.summary, 1000)}</span></summary>
${Object.keys(figures).length > 0 && factList(figures)}${parts.map((part) => checker(part, depth + 1))}</details>`;
}

export function planSection(run: Run): Markup {
  const { settings, faults, conditions, operations, ...rest } = run.plan;
  const laidDown = operations === undefined ? {} : { operations: operations.length };
  const plan: JsonObject = {
    ...rest,
    ...laidDown,
    ...settings,
    ...(conditions as JsonObject | undefined),
  };
  return markup`<section id="plan"><h2>Plan and surroundings</h2>
<details open><summary>Plan</summary>${factList(plan)}</details>
${faults.length > 0 && markup`<details><summary>Planned faults (${faults.length})</summary><pre><code>${clip(faults.map((each) => JSON.stringify(each)).join('\n'), blockLimit)}</code></pre></details>`}
<details><summary>Facts</summary>${factList(run.facts)}</details></section>`;
}

function mark(tone: 'good' | 'bad' | 'unsure', text: string): Markup {
  return markup`<span class="mark ${tone}">${text}</span>`;
}
