import { comparisonBody } from '../../reports/comparison/page.ts';
import type { Comparison } from '../../reports/comparison/comparison.ts';
import { markup } from '../../reports/markup/markup.ts';
import { frame } from './layout.ts';

export interface ComparePage {
  readonly comparison: Comparison;
  /** The same in a terminal. */
  readonly command: string;
  /** Where the charts are: they bring a script along, so they have a page of their own. */
  readonly report: string;
}

export function comparePage({ comparison, command, report }: ComparePage): string {
  const link = markup`<div class="actions"><a class="button" href="${report}">Charts, one over the other</a></div>`;
  return frame(
    { title: `dtest: ${comparison.reason}`, at: 'other' },
    markup`${comparisonBody(comparison, link)}
<section><h2>The same in a terminal</h2><pre><code>${command}</code></pre></section>`,
  );
}
