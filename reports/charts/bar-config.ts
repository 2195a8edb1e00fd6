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

/** The figure over each bar, so that nobody has to guess it from the axis. */
function barWords(definition: ChartDefinition, theme: Theme): Plugin<'scatter'> {
  interface Brush {
    fillStyle: string;
    font: string;
    textAlign: string;
    save(): void;
    restore(): void;
    fillText(text: string, x: number, y: number): void;
  }
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
        chart.getDatasetMeta(at).data.forEach(({ x, y }, index) => {
          const value = series.y[index];
          if (value === null || value === undefined) return;
          const digits = { maximumSignificantDigits: 3 };
          brush.fillText(value.toLocaleString('en-US', digits), x, y - theme.fontSize * 0.4);
        });
      });
      brush.restore();
    },
  };
}

/** The interval around each point, as a line with feet. */
export function whiskerPlugin(definition: ChartDefinition, theme: Theme): Plugin<'scatter'> {
  interface Brush {
    strokeStyle: string;
    lineWidth: number;
    save(): void;
    restore(): void;
    beginPath(): void;
    moveTo(x: number, y: number): void;
    lineTo(x: number, y: number): void;
    stroke(): void;
  }
  const foot = theme.fontSize * 0.3;
  return {
    id: 'dtest-whiskers',
    afterDatasetsDraw(chart: Chart) {
      const brush = chart.ctx as unknown as Brush;
      brush.save();
      brush.lineWidth = 1.25;
      definition.series.forEach((series, at) => {
        if (series.low === undefined || !chart.isDatasetVisible(at)) return;
        brush.strokeStyle =
          definition.xAxis === 'names' ? theme.text : theme.marks[series.mark].color;
        chart.getDatasetMeta(at).data.forEach(({ x }, index) => {
          const [low, high] = [series.low?.[index], series.high?.[index]];
          if (typeof low !== 'number' || typeof high !== 'number') return;
          const top = chart.scales.y?.getPixelForValue(high) ?? 0;
          const bottom = chart.scales.y?.getPixelForValue(low) ?? 0;
          brush.beginPath();
          for (const y of [top, bottom]) {
            brush.moveTo(x - foot, y);
            brush.lineTo(x + foot, y);
          }
          brush.moveTo(x, top);
          brush.lineTo(x, bottom);
          brush.stroke();
        });
      });
      brush.restore();
    },
  };
}

export const barFunctions: readonly string[] = [barsConfig, barWords, whiskerPlugin].map(String);
