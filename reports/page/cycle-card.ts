import type { EvidenceTransaction, TransactionCycle } from '../../core/evidence.ts';
import { type EvidenceClock, clockOf } from '../evidence/clock.ts';
import { dependencyWords } from '../evidence/cycle.ts';
import { ring } from '../evidence/ring.ts';
import { plural } from '../figures.ts';
import { type Markup, markup } from '../markup/markup.ts';
import { clip, shorten } from '../markup/visible.ts';

/** Transactions written out; a longer cycle is in `results.json`. */
const mostSteps = 100;

/** A cycle twice: as a ring to see its shape, and as a list that says why each arrow is there. */
export function cycleCard(cycle: TransactionCycle, id: string): Markup {
  const { anomaly, summary, transactions, dependencies } = cycle;
  const clock = clockOf(transactions);
  const hidden = transactions.length - mostSteps;
  const steps = transactions.slice(0, mostSteps).map((transaction, at) => {
    const { kind = '', why = '' } = dependencies[at] ?? {};
    const isLast = at === transactions.length - 1;
    const next = transactions[(at + 1) % transactions.length]?.name ?? '';
    return markup`<li><p><strong>${shorten(transaction.name, 40)}</strong> <code class="value">${clip(transaction.label, 600)}</code><br><span class="small faint">${whenOf(transaction, clock)}</span></p>
<p class="because"><span class="kind">${isLast ? '↩' : '↓'} ${kind}</span> ${isLast && markup`back to <strong>${shorten(next, 40)}</strong>: `}<span class="value">${clip(why, 600)}</span></p></li>
`;
  });
  return markup`<article class="failure">
<h3 class="value"><span class="mark bad">${shorten(anomaly, 60)}</span> ${clip(summary, 1200)}</h3>
<p class="small faint">Each transaction must come before the next, and the last one before the first: no order of them has room for that.</p>
<div class="cycle">${ring(cycle, id)}<ol class="circle">${steps}</ol></div>
${hidden > 0 && markup`<p class="small faint">${plural(hidden, 'more transaction')} in <code>results.json</code>.</p>`}
${legend(cycle)}
</article>`;
}

function whenOf(transaction: EvidenceTransaction, clock: EvidenceClock): string {
  const { process, node, phase, callNs, returnNs } = transaction;
  const who = `process ${String(process)}${node === null ? '' : ` on ${shorten(node, 40)}`}`;
  const lasted = returnNs === null ? 'no return' : `lasted ${clock.between(callNs, returnNs)}`;
  const outcome = phase === 'ok' ? '' : phase === 'info' ? ', outcome unknown' : ', failed';
  return `${who}, called at ${clock.at(callNs, 4)}, ${lasted}${outcome}`;
}

/** The kinds that this cycle has, in words. */
function legend({ dependencies }: TransactionCycle): Markup {
  const kinds = [...new Set(dependencies.map(({ kind }) => kind))];
  return markup`<ul class="key">${kinds.map((kind) => markup`<li><code>${kind}</code> ${dependencyWords[kind]}</li>`)}</ul>`;
}
