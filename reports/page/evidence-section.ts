import type { LinearizabilityFailure } from '../../core/evidence.ts';
import type { Breach } from '../../core/invariant.ts';
import type { Run } from '../../core/run.ts';
import { type Evidence, evidenceOf } from '../evidence/evidence.ts';
import { headingOf } from '../evidence/failure.ts';
import { timeline } from '../evidence/timeline.ts';
import { count, duration, jsonText, plural } from '../figures.ts';
import { type Markup, markup } from '../markup/markup.ts';
import { clip, shorten } from '../markup/visible.ts';
import { cycleCard } from './cycle-card.ts';

/** Failures drawn; the report of a system that breaks everywhere has to stay small. */
const maximumFailures = 12;
/** Of these the first stand open. */
const unfolded = 3;
const maximumSteps = 400;

/** Why it is invalid, as pictures; null where there is nothing to show. */
export function evidenceSection({ results }: Run): Markup | null {
  const all = evidenceOf(results.verdict);
  if (all.length === 0) return null;
  const timed = all.some(({ failures }) => failures.length > 0) ? timelineHelp() : null;
  return markup`<section id="evidence"><h2>Evidence</h2>
${timed}${all.map((each, at) => checkerEvidence(each, `evidence-${String(at)}`))}</section>`;
}

function timelineHelp(): Markup {
  return markup`<p class="faint">Time runs from left to right and its order is exact; long waits are drawn shorter. A bar reaches from call to return. Numbers are the order in which operations can have taken effect, with the state after each; what cannot be placed in any order is hatched and marked ✗.</p>
`;
}

function checkerEvidence(evidence: Evidence, id: string): Markup {
  const { checker, failures, cycles, breaches, unreadable } = evidence;
  const cards = failures
    .slice(0, maximumFailures)
    .map((failure, at) => failureCard(failure, `${id}-${String(at)}`));
  const folded = cards.slice(unfolded);
  return markup`${cards.slice(0, unfolded)}
${folded.length > 0 && markup`<details class="more"><summary>${plural(folded.length, 'more failure')}, drawn</summary>${folded}</details>`}
${rest(failures, 'more failure', checker)}
${cycles.slice(0, maximumFailures).map((cycle, at) => cycleCard(cycle, `${id}-cycle-${String(at)}`))}
${rest(cycles, 'more cycle', checker)}
${breaches.length > 0 && breachCard(breaches)}
${rest(breaches, 'more moment', checker)}
${unreadable.slice(0, maximumFailures).map((each) => markup`<div class="failure"><h3>Evidence of ${shorten(checker, 80)}, as it came</h3><pre><code>${jsonText(each, 20_000)}</code></pre></div>`)}`;
}

function breachCard(breaches: readonly Breach[]): Markup {
  const rows = breaches
    .slice(0, maximumFailures)
    .map(
      ({ invariant, node, timeNs, summary }) =>
        markup`<tr><td class="number">${duration(timeNs / 1e6)}</td><td class="value">${shorten(node ?? 'all', 80)}</td><th scope="row" class="value">${shorten(invariant, 120)}</th><td class="value">${clip(summary, 1200)}</td></tr>`,
    );
  return markup`<article class="failure"><h3>What the nodes' states must never show</h3>
<div class="scroll"><table><thead><tr><th scope="col" class="number">after</th><th scope="col">node</th><th scope="col">invariant</th><th scope="col">what was there</th></tr></thead><tbody>${rows}</tbody></table></div></article>`;
}

function rest(all: readonly unknown[], noun: string, checker: string): Markup | null {
  const hidden = all.length - maximumFailures;
  return hidden > 0
    ? markup`<p>${plural(hidden, noun)} of ${shorten(checker, 80)}, in <code>results.json</code>.</p>`
    : null;
}

function failureCard(failure: LinearizabilityFailure, id: string): Markup {
  const { picture, undrawn } = timeline(failure, id);
  const missing = undrawn + failure.omitted;
  return markup`<article class="failure">
<h3 class="value">${clip(headingOf(failure), 1200)}</h3>
${legend()}
<div class="controls small"><span class="buttons" role="group" aria-label="Through the order"><button type="button" data-step="-1">◀ Step back</button><button type="button" data-step="1">Step on ▶</button></span><span class="faint">Each step shows the prefix up to it, and the state it leads to; so do pointer and arrow keys.</span></div>
<div class="stage" tabindex="0" role="region" aria-label="Timeline, scrolls sideways">${picture}</div>
${missing > 0 && markup`<p class="small faint">${plural(missing, 'operation')} of this window not drawn.</p>`}
<div class="details" aria-live="polite" hidden></div>
<details><summary>The longest order that ${shorten(failure.model, 60)} allows, in words</summary>${orderInWords(failure)}</details>
</article>`;
}

function legend(): Markup {
  const swatch = (kind: string, extra: Markup | null): Markup =>
    markup`<svg class="timeline" width="34" height="18" aria-hidden="true"><g class="operation ${kind}"><rect class="bar" x="2" y="2" width="30" height="14" rx="3"/>${extra}</g></svg>`;
  const sign = (text: string): Markup =>
    markup`<circle class="badge" cx="10" cy="9" r="6"/><text class="number" x="10" y="13">${text}</text>`;
  return markup`<ul class="key"><li>${swatch('placed ok', sign('1'))}placed, with its number</li><li>${swatch('stuck ok', sign('✗'))}cannot be placed</li><li>${swatch('loose ok', sign('·'))}not reached</li><li>${swatch('loose info', markup`<text class="unknown" x="28" y="14">?</text>`)}outcome unknown, open-ended</li></ul>`;
}

function orderInWords({ linearization, stuck, operations }: LinearizabilityFailure): Markup {
  const name = (at: number): string => {
    const operation = operations[at];
    return operation === undefined
      ? ''
      : `${shorten(operation.label, 120)} (process ${String(operation.process)})`;
  };
  const hidden = linearization.length - maximumSteps;
  const first = linearization.length === 0 ? 'Nothing can come first: ' : 'Then nothing fits: ';
  return markup`${hidden > 0 && markup`<p class="small faint">The first ${count(maximumSteps)} of ${count(linearization.length)} steps.</p>`}<ol class="steps">${linearization
    .slice(0, maximumSteps)
    .map(
      ({ operation, state }) =>
        markup`<li><span class="value">${name(operation)}</span> → state <code>${shorten(state, 200)}</code></li>`,
    )}</ol>
<p>${first}${stuck.slice(0, 20).map((at) => markup`<strong class="value">✗ ${name(at)}</strong> `)}</p>`;
}
