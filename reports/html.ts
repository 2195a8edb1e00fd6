import type { Reporter } from '../core/reporter.ts';
import type { Run } from '../core/run.ts';
import { chartsOf } from './charts/all.ts';
import { subjectOf } from './charts/subject.ts';
import { type Markup, markup } from './markup/markup.ts';
import { shorten } from './markup/visible.ts';
import { messageBlocks } from './messages/block.ts';
import { operationBlock } from './operations/block.ts';
import { evidenceSection } from './page/evidence-section.ts';
import { chartControls, chartFigure, pageOf } from './page/frame.ts';
import {
  checkerSection,
  faultSection,
  figureSection,
  planSection,
  thresholdSection,
  verdictSection,
} from './page/sections.ts';
import { messageSection, operationSection } from './page/stage-sections.ts';
import { isWatched } from './records.ts';
import { reignsInWords, roleSpans } from './roles/roles.ts';

/** `report.html`: one file that opens offline, in words, pictures and charts that answer. */
export const html: Reporter = {
  name: 'html',
  summary:
    'report.html: verdict, evidence, faults, operations, messages and zoomable charts in one file that opens offline',
  async render(run) {
    return [{ path: 'report.html', content: await reportPage(run) }];
  },
};

function reportPage(run: Run): Promise<string> {
  const operations = operationBlock(run);
  const messages = messageBlocks(run);
  const parts: readonly (readonly [id: string, name: string, section: Markup | null])[] = [
    ['verdict', 'Verdict', verdictSection(run)],
    ['evidence', 'Evidence', evidenceSection(run)],
    ['messages', 'Messages', messageSection(messages)],
    ['thresholds', 'Thresholds', thresholdSection(run)],
    ['faults', 'Faults', faultSection(run)],
    ['charts-section', 'Charts', chartSection(run)],
    ['timeline', 'Timeline', operationSection(operations)],
    ['figures', 'Figures', figureSection(run)],
    ['checkers', 'Checkers', checkerSection(run)],
    ['plan', 'Plan', planSection(run)],
  ];
  const there = parts.filter(([, , section]) => section !== null);
  return pageOf({
    title: `${run.results.valid}: ${shorten(run.name, 80)}`,
    sections: there.map(([id, name]) => [id, name]),
    body: markup`${there.map(([, , section]) => section)}
<footer>Made by dtest from <code>${shorten(run.path, 200)}</code>. This file needs no network.</footer>`,
    data: { charts: chartsOf(run), operations, messages },
  });
}

function chartSection(run: Run): Markup {
  return markup`<section id="charts-section"><h2>Charts</h2>
${chartControls()}
<div class="charts">${chartsOf(run).map((chart) => chartFigure(chart, { still: true, within: subjectOf(run).line }))}</div>${reigns(run)}</section>`;
}

/** Who led, in words beside the picture. */
function reigns(run: Run): Markup | null {
  if (!isWatched(run) || run.sightings.length === 0) return null;
  const spans = roleSpans(run.sightings, subjectOf(run).endS);
  return markup`<p class="small faint value">${reignsInWords(spans)}</p>`;
}
