import type { MessageBlock } from '../messages/block.ts';
import type { OperationBlock } from '../operations/block.ts';
import { type Markup, markup } from '../markup/markup.ts';

const needsScript = markup`<p class="faint unscripted">This view needs scripts, which this browser does not run for the page.</p>`;

function moveButtons(): Markup {
  const button = (move: string, sign: string, name: string): Markup =>
    markup`<button type="button" data-move="${move}" aria-label="${name}" title="${name}">${sign}</button>`;
  return markup`<span class="buttons" role="group" aria-label="What the view shows">${button('earlier', '◀', 'Earlier')}${button('out', '−', 'Show more time')}${button('in', '+', 'Show less time')}${button('later', '▶', 'Later')}${button('whole', 'All', 'Show all of it')}</span>`;
}

function scene(label: string): Markup {
  return markup`<div class="scene" tabindex="0" role="application" aria-label="${label} Arrows go from one to the next, plus and minus zoom, page up and down move, 0 shows all."><canvas></canvas></div>
<p class="small faint"><span class="range-words"></span>. <span class="note"></span></p>
<div class="details" aria-live="polite">Point at something, or move with the arrow keys, to read all about it.</div>`;
}

/** The operations by client, key or node, in a window that can be moved. */
export function operationSection(block: OperationBlock): Markup {
  const field = (name: string, label: string, options: Markup): Markup =>
    markup`<label>${label} <select data-field="${name}">${options}</select></label>`;
  return markup`<section id="timeline"><h2>Timeline of operations</h2>
<p class="faint">A bar for each operation, from its call to its return. ${block.shown} Choosing a stretch in the charts shows it here.</p>
${needsScript}<div class="stage-view" data-stage="operations">
<div class="controls small">${moveButtons()}${field('place', 'Go to', markup`<option value="">…</option>`)}${field('lanes', 'Lanes', markup`<option value="client">by client</option><option value="key">by key</option><option value="node">by node</option>`)}${field('kind', 'Kind', markup`<option value="">all</option>`)}${field('outcome', 'Outcome', markup`<option value="">all</option><option value="0">ok</option><option value="1">fail</option><option value="2">info</option><option value="3">never ended</option>`)}<label>Only <input data-field="text" type="search" size="14" placeholder="key, text or p12"></label></div>
<ul class="key"><li><span class="swatch ok"></span>ok</li><li><span class="swatch fail"></span>fail –, had no effect</li><li><span class="swatch info"></span>info ?, effect unknown</li><li><span class="swatch bad">✗</span>blamed by the evidence</li></ul>
${scene('Timeline of operations.')}
<details class="listing"><summary>The operations in sight as a list</summary><p><button type="button">List what is in sight now</button></p><ol class="small"></ol></details>
</div></section>`;
}

/** Space and time of the messages around a violation; null where none were recorded. */
export function messageSection(blocks: readonly MessageBlock[]): Markup | null {
  if (blocks.length === 0) return null;
  return markup`<section id="messages"><h2>Messages around the violation</h2>
<p class="faint">The seed was run once more with all messages recorded. Time runs from left to right; an arrow leads from where a message was sent to where it arrived, dashed where it answers another, ending in ✗ where it did not arrive. ◆ is something that a node logged. Below the nodes are the clients with their operations; what cannot be placed is hatched.</p>
${needsScript}${blocks.map(
    (block, at) => markup`<article class="failure-messages stage-view" data-stage="messages-${at}">
<h3 class="value">${block.name}</h3>
<div class="controls small">${moveButtons()}<label>Messages <select data-field="messages"><option value="eventful">without heartbeats</option><option value="all">all</option></select></label></div>
${scene('Messages between nodes.')}</article>`,
  )}</section>`;
}
