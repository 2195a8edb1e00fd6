import { comparisonBody } from '../../reports/comparison/page.ts';
import type { Comparison } from '../../reports/comparison/comparison.ts';
import { markup } from '../../reports/markup/markup.ts';
import { frame } from './layout.ts';

export function comparePage(comparison: Comparison, command: string): string {
  return frame(
    { title: `dtest: ${comparison.reason}`, at: 'other' },
    markup`${comparisonBody(comparison)}
<section><h2>The same in a terminal</h2><pre><code>${command}</code></pre></section>`,
  );
}
