import type { Bench } from '../../core/bench.ts';
import { mergeValidity } from '../../core/verdict.ts';
import type { ComparedFigure, Comparison } from '../comparison/comparison.ts';
import { verdictSigns } from '../comparison/words.ts';
import { count, digits, duration, plural, rate } from '../figures.ts';
import { type Markup, markup } from '../markup/markup.ts';
import { clip, shorten } from '../markup/visible.ts';
import { pageOf } from '../page/frame.ts';
import { factList } from '../page/facts.ts';
import type { Estimate } from './estimate.ts';
import { type MeasuredCell, measuredCells, subjectsIn } from './cells.ts';
import { chartSection } from './chart-section.ts';
import type { BenchCharts } from './charts.ts';
import { faultCostSection, generatorSection, objectiveSection } from './sections.ts';
import { type Winner, ratioFigures, ratioText, winnersInWords } from './winner.ts';

/** What a bench page shows beside the bench itself. */
export interface BenchPage {
  readonly bench: Bench;
  readonly drawn: BenchCharts;
  /** Its systems against the first of them; null of one system alone. */
  readonly comparison: Comparison | null;
  /** The folder, as the user would name it. */
  readonly path: string;
}

/** `bench-report.html`: who is faster and by how much first, in words; then figures and charts. */
export function benchPage({ bench, drawn, comparison, path }: BenchPage): Promise<string> {
  const measured = measuredCells(bench);
  const parts: readonly (readonly [id: string, name: string, section: Markup | null])[] = [
    ['verdict', 'Result', resultSection(bench, measured, comparison)],
    ['ratios', 'Ratios', comparison === null ? null : ratioSection(comparison)],
    ['objectives', 'Objectives', objectiveSection(bench)],
    ['charts-section', 'Charts', chartSection(drawn)],
    ['cells', 'Figures', cellSection(measured)],
    ['fault-costs', 'Faults', faultCostSection(measured)],
    ['generator', 'Generator', generatorSection(measured)],
    ['comparison', 'Comparison', comparison === null ? null : wholeComparison(comparison)],
    ['facts', 'Facts', factSection(bench)],
  ];
  const there = parts.filter(([, , section]) => section !== null);
  return pageOf({
    title: `bench: ${shorten(bench.name, 80)}`,
    sections: there.map(([id, name]) => [id, name]),
    body: markup`${there.map(([, , section]) => section)}
<footer>Made by dtest from <code>${shorten(path, 200)}</code>. This file needs no network.</footer>`,
    data: {
      charts: drawn.sections.flatMap(({ charts }) => charts),
      operations: null,
      messages: [],
    },
  });
}

function resultSection(
  bench: Bench,
  measured: readonly MeasuredCell[],
  comparison: Comparison | null,
): Markup {
  const answers = mergeValidity(bench.rounds.map(({ verdict }) => verdict.valid));
  const valid = answers === 'valid' && (bench.failures ?? []).length > 0 ? 'unknown' : answers;
  const limited = measured.filter(({ limitedBy }) => limitedBy !== null);
  const [first, ...others] =
    comparison === null ? bestInWords(measured) : winnersInWords(comparison);
  const wrong = bench.rounds.find(({ verdict }) => verdict.valid !== 'valid');
  return markup`<section id="verdict" class="verdict ${valid}">
<p class="about small"><span class="value">${clip(bench.name, 200)}</span>: ${plural(bench.cells.length, 'cell')}, ${plural(bench.rounds.length, 'round')}, started ${bench.startedAt}</p>
<h1><span class="word value">${first?.headline ?? 'Nothing was measured'}</span></h1>
<p class="reason value">${first?.detail}</p>
${others.slice(0, 20).map((each) => markup`<p class="reason value"><strong>${each.headline}.</strong> ${each.detail}</p>`)}
${wrong === undefined && bench.rounds.length > 0 && markup`<p class="reason"><span class="mark good">✓ valid</span>: the answers of ${bench.rounds.length === 1 ? 'the round' : `all ${count(bench.rounds.length)} rounds`} were linearizable.</p>`}
${wrong !== undefined && markup`<p class="reason"><span class="mark bad">✗ ${wrong.verdict.valid}</span> <span class="value">not all answers were right, which takes the worth from the figures: ${shorten(wrong.cell, 120)}, round ${wrong.round}: ${clip(wrong.verdict.reason, 400)}</span></p>`}
${failureWords(bench)}
${limited.length > 0 && markup`<p class="reason"><span class="mark unsure">△ limited by the load generator</span> in ${plural(limited.length, 'cell')}: those figures say more about the generator than about the system. They are marked △ in tables and hollow in charts.</p>`}
<div class="command"><pre id="command"><code>${clip(bench.command, 4000)}</code></pre><button type="button" data-copy="#command" hidden>Copy</button></div>
</section>`;
}

/** What could not be measured, a line a cell: a gap in a chart must not look like a choice. */
function failureWords(bench: Bench): Markup[] {
  const byCell = Map.groupBy(bench.failures ?? [], ({ cell }) => cell);
  return [...byCell]
    .slice(0, 20)
    .map(
      ([cell, all]) =>
        markup`<p class="reason"><span class="mark bad">✗ not measured</span>: <span class="value">${plural(all.length, 'round')} of ${shorten(cell, 120)}: ${clip(all[0]?.why ?? '', 400)}</span></p>`,
    );
}

/** Of one system alone: what it came to at best. */
function bestInWords(measured: readonly MeasuredCell[]): Winner[] {
  return subjectsIn(measured).map((subject) => {
    const mine = measured.filter(({ cell }) => cell.subject === subject);
    const best = mine.reduce<MeasuredCell | null>(
      (top, each) => ((each.throughput?.mean ?? -1) > (top?.throughput?.mean ?? -1) ? each : top),
      null,
    );
    const name = shorten(subject, 60);
    if (best?.throughput == null) return { headline: `${name}: nothing was measured`, detail: '' };
    return {
      headline: `${name}: ${rate(best.throughput.mean)} at best`,
      detail: `In ${shorten(best.cell.id, 80)}, at a p99 of ${duration(best.p99Ms?.mean ?? Number.NaN)}.`,
    };
  });
}

const rowTones = {
  ...{ better: 'good', worse: 'bad', 'no difference shown': '', untold: 'unsure' },
} as const;

/** The first thing to know, a line a cell: how many times as much, as fast, with the interval. */
function ratioSection({ things, rows }: Comparison): Markup {
  const [baseline] = things;
  const several = things.length > 2;
  const wanted = new Set<string>(ratioFigures);
  const cells = Map.groupBy(
    rows.filter(({ figure }) => wanted.has(figure)),
    ({ thing, cell }) => JSON.stringify([thing, cell]),
  );
  const figure = (group: readonly ComparedFigure[], name: string): Markup => {
    const row = group.find((each) => each.figure === name);
    if (row === undefined) return markup`<td>–</td>`;
    return markup`<td><span class="nowrap">${ratioText(row)}</span><br><span class="mark small ${rowTones[row.verdict]}">${verdictSigns[row.verdict]}</span></td>`;
  };
  return markup`<section id="ratios"><h2>How many times as much as ${shorten(baseline?.label ?? '', 60)}</h2>
<p class="faint">Each cell's mean over the rounds divided by that of ${shorten(baseline?.label ?? '', 60)}, with its interval. More throughput is better, less latency is.</p>
<div class="scroll tall" tabindex="0"><table><thead><tr>${several && markup`<th scope="col">system</th>`}<th scope="col">measured</th>${ratioFigures.map((each) => markup`<th scope="col">${each}</th>`)}</tr></thead><tbody>
${[...cells.values()]
  .slice(0, 300)
  .map(
    (group) =>
      markup`<tr>${several && markup`<td class="value">${shorten(group[0]?.thing ?? '', 60)}</td>`}<th scope="row" class="value">${shorten(group[0]?.cell ?? '', 120)}</th>${ratioFigures.map((each) => figure(group, each))}</tr>`,
  )}</tbody></table></div></section>`;
}

const mostCells = 1000;

/** All figures, a line a cell. */
function cellSection(measured: readonly MeasuredCell[]): Markup {
  const rows = measured.slice(0, mostCells).map((each) => {
    const { cell, rounds, throughput, p50Ms, p99Ms, latencies, errorShare, limitedBy } = each;
    return markup`<tr><th scope="row" class="value">${shorten(cell.id, 120)}${limitedBy !== null && markup` <span class="mark unsure" title="${shorten(limitedBy, 200)}">△</span>`}</th><td class="number">${interval(throughput, rate)}</td><td class="number">${interval(p50Ms, duration)}</td><td class="number">${interval(p99Ms, duration)}</td><td class="number">${duration(latencies?.at(99.9) ?? Number.NaN)}</td><td class="number">${duration(latencies?.maxMs ?? Number.NaN)}</td><td class="number">${digits(100 * errorShare)} %</td><td class="number">${count(rounds.length)}</td></tr>
`;
  });
  const head = ['throughput', 'p50', 'p99', 'p99.9', 'max', 'errors', 'rounds'];
  return markup`<section id="cells"><h2>Figures</h2>
<p class="faint">Means over the rounds (of latencies geometric ones), with the interval that holds the true mean with 95 % confidence; p99.9 and max of all rounds together. △ marks what the load generator limited.</p>
<div class="scroll tall" tabindex="0"><table><thead><tr><th scope="col">cell</th>${head.map((each) => markup`<th scope="col" class="number">${each}</th>`)}</tr></thead><tbody>
${rows}</tbody></table></div>${measured.length > mostCells && markup`<p class="small faint">The first ${count(mostCells)} of ${count(measured.length)} cells.</p>`}</section>`;
}

function interval(estimate: Estimate | null, text: (value: number) => string): Markup {
  if (estimate === null) return markup`–`;
  const { mean, low, high } = estimate;
  if (low === null || high === null) return markup`${text(mean)}`;
  return markup`${text(mean)}<br><span class="small faint">${text(low)} to ${text(high)}</span>`;
}

/** Everything that the comparison told, folded away under what matters most. */
function wholeComparison(comparison: Comparison): Markup {
  const { basis, confidence, warnings } = comparison;
  return markup`<section id="comparison"><h2>Comparison</h2>
<p class="faint">${basis} All intervals together hold with ${Math.round(100 * confidence)} % confidence.</p>
${warnings.length > 0 && markup`<ul>${warnings.slice(0, 100).map((each) => markup`<li class="value">${clip(each, 1000)}</li>`)}</ul>`}</section>`;
}

function factSection({ warmUpRule, seed, facts }: Bench): Markup {
  return markup`<section id="facts"><h2>How it was measured</h2>
<p>Warm-up: <span class="value">${clip(warmUpRule, 1000)}</span>. Systems took turns, round by round, so that drift of the machine hits all alike. Latency counts from when an operation was due.</p>
<details><summary>Facts</summary>${factList({ seed, ...facts })}</details></section>`;
}
