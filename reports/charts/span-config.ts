import type { Chart, ChartConfiguration, Plugin } from 'chart.js';
import type { Brush } from './brush.ts';
import type { ChartDefinition } from './definition.ts';
import type { Theme } from './theme.ts';

// These functions run in the page too, which gets their text (`chart-kit.ts`): they use nothing from
// outside but their arguments and each other.

/** Turns a configuration into one of spans: a row for each name, bars from one moment to another. */
export function spansConfig(
  definition: ChartDefinition,
  theme: Theme,
  base: ChartConfiguration<'scatter'>,
): ChartConfiguration<'scatter'> {
  const font = { family: theme.font, size: theme.fontSize };
  const rows = definition.names ?? [];
  const datasets = definition.series.map((series) => ({
    label: series.label,
    data: series.x.map((x, at) => ({
      x: [x, series.xEnd?.[at] ?? x],
      y: rows[series.y[at] ?? 0] ?? '',
    })),
    backgroundColor: theme.marks[series.mark].color,
    borderColor: theme.background,
    borderWidth: { left: 1, right: 0, top: 0, bottom: 0 },
    borderSkipped: false,
    grouped: false,
    barPercentage: 0.72,
    categoryPercentage: 1,
  }));
  const spans = {
    ...base,
    type: 'bar',
    data: { labels: rows, datasets },
    plugins: [...(base.plugins ?? []), spanWords(definition, theme)],
    options: {
      ...base.options,
      indexAxis: 'y',
      parsing: undefined,
      interaction: { mode: 'nearest', intersect: true, axis: 'xy' },
      scales: {
        x: base.options?.scales?.x,
        y: {
          type: 'category',
          offset: true,
          border: { color: theme.gridMajor },
          grid: { display: false },
          ticks: { color: theme.faint, font, autoSkip: false },
          afterFit: (scale: { width: number }): void => {
            scale.width = Math.max(scale.width, theme.fontSize * 5.6);
          },
        },
      },
      plugins: {
        ...base.options?.plugins,
        tooltip: { ...base.options?.plugins?.tooltip, callbacks: spanTooltip(definition) },
      },
    },
  };
  return spans as unknown as ChartConfiguration<'scatter'>;
}

function spanTooltip(definition: ChartDefinition) {
  interface Item {
    readonly datasetIndex: number;
    readonly dataIndex: number;
    readonly label: string;
  }
  return {
    title: (items: readonly Item[]) => items[0]?.label ?? '',
    label: ({ datasetIndex, dataIndex }: Item) => {
      const series = definition.series[datasetIndex];
      const from = series?.x[dataIndex] ?? 0;
      const to = series?.xEnd?.[dataIndex] ?? from;
      const name = series?.names?.[series.nameOf?.[dataIndex] ?? -1] ?? '';
      return `${name} ${series?.label ?? ''}, ${from.toFixed(2)} s to ${to.toFixed(2)} s`.trim();
    },
  };
}

interface SpanBar {
  readonly x: number;
  readonly base: number;
  readonly y: number;
  readonly height: number;
}

/** Says what a span is by words and by a pattern as well as by its colour. */
function spanWords(definition: ChartDefinition, theme: Theme): Plugin<'scatter'> {
  return {
    id: 'dtest-spans',
    afterDatasetsDraw(chart) {
      const brush = chart.ctx as unknown as Brush;
      brush.save();
      brush.font = `bold ${String(theme.fontSize * 0.9)}px ${theme.font.includes(',') ? theme.font : `"${theme.font}"`}`;
      brush.textBaseline = 'middle';
      definition.series.forEach((series, at) => {
        if (!chart.isDatasetVisible(at)) return;
        const bars = chart.getDatasetMeta(at).data as unknown as readonly SpanBar[];
        bars.forEach((bar, index) => {
          const name = series.names?.[series.nameOf?.[index] ?? -1] ?? '';
          nameSpan(brush, spanWithin(bar, chart), { name, mark: series.mark, theme });
        });
      });
      brush.restore();
    },
  };
}

/** As much of it as is in the plot. */
function spanWithin({ x, base, y, height }: SpanBar, chart: Chart): SpanBar {
  const { left, right } = chart.chartArea;
  return { x: Math.min(right, x), base: Math.max(left, base), y, height };
}

function nameSpan(
  brush: Brush,
  bar: SpanBar,
  { name, mark, theme }: { readonly name: string; readonly mark: string; readonly theme: Theme },
): void {
  const steps: Readonly<Record<string, number>> = { candidate: 5, silent: 9, other: 12 };
  const width = bar.x - bar.base;
  if (width < 2) return;
  brush.save();
  brush.beginPath();
  brush.rect(bar.base, bar.y - bar.height / 2, width, bar.height);
  brush.clip();
  const step = steps[mark];
  if (step !== undefined) hatchSpan(brush, bar, { step, color: theme.background });
  if (name !== '' && brush.measureText(name).width <= width - 4) {
    if (step !== undefined) {
      brush.fillStyle = theme.background;
      brush.fillRect(
        bar.base + 1,
        bar.y - theme.fontSize * 0.7,
        brush.measureText(name).width + 6,
        theme.fontSize * 1.4,
      );
    }
    brush.fillStyle = mark === 'leader' ? theme.background : theme.text;
    brush.fillText(name, bar.base + 4, bar.y + 1);
  }
  brush.restore();
}

function hatchSpan(
  brush: Brush,
  { x, base, y, height }: SpanBar,
  { step, color }: { readonly step: number; readonly color: string },
): void {
  brush.strokeStyle = color;
  brush.lineWidth = 1.5;
  brush.beginPath();
  for (let at = base - height; at < x; at += step) {
    brush.moveTo(at, y + height / 2);
    brush.lineTo(at + height, y - height / 2);
  }
  brush.stroke();
}

export const spanFunctions: readonly string[] = [
  ...[spansConfig, spanTooltip, spanWords, spanWithin, nameSpan, hatchSpan],
].map(String);
