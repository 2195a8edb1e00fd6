import type { Bench, GeneratorHealth } from '../../core/bench.ts';
import { count, digits, duration, rate } from '../figures.ts';
import { type Markup, markup } from '../markup/markup.ts';
import { clip, shorten } from '../markup/visible.ts';
import type { MeasuredCell } from './cells.ts';

/** The highest rates at which objectives were still met; null where nobody asked. */
export function objectiveSection({ objectives }: Bench): Markup | null {
  if (objectives.length === 0) return null;
  return markup`<section id="objectives"><h2>The most within an objective</h2>
<p class="faint">The highest rate of an open loop at which the objective was still met, found by search.</p>
<div class="scroll narrow"><table><thead><tr><th scope="col">system</th><th scope="col">measured</th><th scope="col">objective</th><th scope="col" class="number">highest rate</th><th scope="col">tried</th></tr></thead><tbody>
${objectives.slice(0, 200).map((found) => {
  const { subject, objective, rate: highest, tried } = found;
  return markup`<tr><th scope="row" class="value">${shorten(subject, 60)}</th><td class="value">${shorten(found.conditions ?? '', 60)}</td><td><code>${clip(objective, 200)}</code></td><td class="number">${highest === null ? markup`<span class="mark bad">✗ not even the lowest</span>` : rate(highest)}</td><td class="value">${tried
    .slice(0, 40)
    .map((each) => `${rate(each.rate)} ${each.met ? '✓' : '✗'} ${duration(each.measuredMs)}`)
    .join(', ')}</td></tr>`;
})}</tbody></table></div></section>`;
}

/** What each fault cost; null where none struck. */
export function faultCostSection(measured: readonly MeasuredCell[]): Markup | null {
  const rows = measured.flatMap(({ cell, rounds }) =>
    rounds.flatMap(({ round, faults }) => faults.map((fault) => ({ cell, round, fault }))),
  );
  if (rows.length === 0) return null;
  return markup`<section id="fault-costs"><h2>What faults cost</h2>
<p class="faint">Without service: the longest stretch from the beginning of the fault on without a single success. Recovered: from its beginning until throughput was back at 90 % of what it was before.</p>
<div class="scroll tall" tabindex="0"><table><thead><tr><th scope="col">cell</th><th scope="col" class="number">round</th><th scope="col">fault</th><th scope="col" class="number">lasted</th><th scope="col" class="number">without service</th><th scope="col" class="number">recovered after</th><th scope="col" class="number">errors</th></tr></thead><tbody>
${rows
  .slice(0, 400)
  .map(
    ({ cell, round, fault }) =>
      markup`<tr><th scope="row" class="value">${shorten(cell.id, 120)}</th><td class="number">${round}</td><td class="value">${shorten(fault.summary, 120)}</td><td class="number">${duration(fault.endMs - fault.beginMs)}</td><td class="number">${duration(fault.withoutServiceMs)}</td><td class="number">${fault.recoveredAfterMs === null ? markup`<span class="mark bad">✗ never</span>` : duration(fault.recoveredAfterMs)}</td><td class="number">${count(fault.errors)}</td></tr>`,
  )}</tbody></table></div></section>`;
}

/** How busy the load generator was: one that is busy measures itself. */
export function generatorSection(measured: readonly MeasuredCell[]): Markup {
  const rows = measured.slice(0, 1000).map(({ cell, rounds, limitedBy }) => {
    const worst = (pick: (health: GeneratorHealth) => number): number =>
      Math.max(Number.NEGATIVE_INFINITY, ...rounds.map(({ generator }) => pick(generator)));
    const verdict =
      limitedBy === null
        ? markup`<span class="mark good">✓ no</span>`
        : markup`<span class="mark unsure">△ ${shorten(limitedBy, 300)}</span>`;
    return markup`<tr><th scope="row" class="value">${shorten(cell.id, 120)}</th><td class="number">${count(worst(({ threads }) => threads))}</td><td class="number">${digits(100 * worst(({ cpuShare }) => cpuShare))} %</td><td class="number">${digits(worst(({ cpuPerOperationUs }) => cpuPerOperationUs))} µs</td><td class="number">${digits(100 * worst(({ busyShare }) => busyShare))} %</td><td class="number">${duration(worst(({ eventLoopDelayP99Ms }) => eventLoopDelayP99Ms))}</td><td class="number">${duration(worst(({ lateP99Ms }) => lateP99Ms))}</td><td class="value">${verdict}</td></tr>
`;
  });
  const head = [
    'threads',
    'CPU of a thread',
    'CPU an operation',
    'busiest thread',
    'loop delay p99',
    'began late p99',
  ];
  return markup`<section id="generator"><h2>The load generator</h2>
<p class="faint">The worst round of each cell. A generator that is busy measures itself, and its figures are marked.</p>
<div class="scroll tall" tabindex="0"><table><thead><tr><th scope="col">cell</th>${head.map((each) => markup`<th scope="col" class="number">${each}</th>`)}<th scope="col">limited the figures</th></tr></thead><tbody>
${rows}</tbody></table></div></section>`;
}
