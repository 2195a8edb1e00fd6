import type { Chart, ChartConfiguration, Plugin } from 'chart.js';
import type { ChartDefinition } from './definition.ts';
import type { Theme } from './theme.ts';

// These functions run in the page too, which gets their text (`chart-kit.ts`): they use nothing from
// outside but their arguments and each other.

/** Turns a configuration into one of bars: a group for each name, a bar for each series. */
export function barsConfig(
  definition: ChartDefinition,
  theme: Theme,
  base: ChartConfiguration<'scatter'>,
): ChartConfiguration<'scatter'> {
  const font = { family: theme.font, size: theme.fontSize };
  const names = definition.names ?? [];
  const { x } = base.options?.scales ?? {};
  const bars = {
    ...base,
    type: 'bar',
    data: {
      labels: names,
      datasets: definition.series.map((series) => ({
        label: series.label,
        data: series.y,
        backgroundColor: theme.marks[series.mark].color,
        borderColor: theme.text,
        borderWidth: series.limited?.map((each) => (each ? 2 : 0)) ?? 0,
        maxBarThickness: 64,
      })),
    },
    plugins: [...(base.plugins ?? []), barWords(definition, theme)],
    options: {
      ...base.options,
      parsing: undefined,
      interaction: { mode: 'nearest', intersect: true },
      scales: {
        x: {
          type: 'category',
          title: (x as { readonly title?: object } | undefined)?.title,
          border: { color: theme.gridMajor },
          grid: { display: false },
          ticks: { color: theme.faint, font, maxRotation: 30 },
        },
        y: base.options?.scales?.y,
      },
      plugins: {
        ...base.options?.plugins,
        tooltip: {
          ...base.options?.plugins?.tooltip,
          callbacks: {
            label: (item: { readonly datasetIndex: number; readonly dataIndex: number }) => {
              const series = definition.series[item.datasetIndex];
              const value = series?.y[item.dataIndex]?.toLocaleString('en-US') ?? '–';
              return `${series?.label ?? ''}: ${value} ${definition.yUnit}`;
            },
          },
        },
      },
    },
  };
  return bars as unknown as ChartConfiguration<'scatter'>;
}

interface Bar {
  readonly x: number;
  readonly y: number;
  readonly base: number;
}

/** The figure over each bar and its name in it, so that nobody has to guess it from the axis. */
function barWords(definition: ChartDefinition, theme: Theme): Plugin<'scatter'> {
  interface Brush {
    fillStyle: string;
    font: string;
    textAlign: string;
    save(): void;
    restore(): void;
    textBaseline: string;
    fillText(text: string, x: number, y: number): void;
    measureText(text: string): { width: number };
    translate(x: number, y: number): void;
    rotate(angle: number): void;
  }
  // In the bar from its foot up where there is room, else over the figure.
  const nameBar = (brush: Brush, label: string, { x, y, base }: Bar): void => {
    const size = theme.fontSize;
    const isInside = base - y > brush.measureText(label).width + size;
    brush.save();
    brush.translate(x, isInside ? base - size * 0.5 : y - size * 1.6);
    brush.rotate(-Math.PI / 2);
    brush.textAlign = 'left';
    brush.textBaseline = 'middle';
    brush.fillStyle = isInside ? theme.background : theme.text;
    brush.fillText(label, 0, 0);
    brush.restore();
  };
  return {
    id: 'dtest-bars',
    afterDatasetsDraw(chart: Chart) {
      const brush = chart.ctx as unknown as Brush;
      brush.save();
      brush.font = `${String(theme.fontSize * 0.85)}px ${theme.font.includes(',') ? theme.font : `"${theme.font}"`}`;
      brush.textAlign = 'center';
      brush.fillStyle = theme.text;
      definition.series.forEach((series, at) => {
        if (!chart.isDatasetVisible(at)) return;
        const bars = chart.getDatasetMeta(at).data as unknown as readonly Bar[];
        bars.forEach(({ x, y, base }, index) => {
          const value = series.y[index];
          if (value === null || value === undefined) return;
          const digits = { maximumSignificantDigits: 3 };
          nameBar(brush, series.label.slice(0, 16), { x, y, base });
          brush.fillText(value.toLocaleString('en-US', digits), x, y - theme.fontSize * 0.4);
        });
      });
      brush.restore();
    },
  };
}

export const barFunctions: readonly string[] = [barsConfig, barWords].map(String);
