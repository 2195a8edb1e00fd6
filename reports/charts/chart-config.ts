import type { Chart, ChartConfiguration, ChartDataset, LegendItem, Plugin } from 'chart.js';
import type { ChartDefinition, Series } from './definition.ts';
import type { FaultBand } from './fault-bands.ts';
import type { Mark, Theme } from './theme.ts';

// The functions of this file are used twice: here, to draw PNGs, and in the page, which gets their
// text (`chartFunctions`). So they use nothing from outside but their arguments and each other.

/** A chart.js configuration for a definition in a theme. */
export function chartConfig(
  definition: ChartDefinition,
  theme: Theme,
): ChartConfiguration<'scatter'> {
  const size = theme.fontSize;
  const lanes = laneSpace(definition, theme);
  const font = { family: theme.font, size };
  const heading = (text: string, scale: number, bottom: number) => ({
    display: theme.titled,
    text,
    align: 'start' as const,
    color: scale > 1 ? theme.text : theme.faint,
    font: { family: theme.font, size: size * scale, weight: 'normal' as const },
    padding: { top: 0, bottom },
  });
  return {
    type: 'scatter',
    data: { datasets: definition.series.map((each, at) => datasetOf(each, at, theme)) },
    plugins: [faultPlugin(definition, theme)],
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      parsing: false,
      ...(theme.devicePixelRatio === null ? {} : { devicePixelRatio: theme.devicePixelRatio }),
      layout: { padding: theme.titled ? size : { top: lanes, right: size } },
      font,
      color: theme.text,
      interaction: {
        mode: definition.series[0]?.drawn === 'line' ? 'index' : 'nearest',
        intersect: definition.series[0]?.drawn !== 'line',
      },
      scales: {
        x: axisOf(definition.xLabel, { min: 0, max: definition.xMax, logarithmic: false }, theme),
        y: axisOf(
          definition.yLabel,
          {
            min: definition.yMin,
            max: definition.yMax,
            logarithmic: definition.yScale === 'logarithmic',
          },
          theme,
        ),
      },
      plugins: {
        title: heading(definition.title, 1.4, size * 0.4),
        subtitle: heading(definition.subtitle, 0.95, lanes + size * 0.4),
        legend: legendOf(definition, theme),
        tooltip: tooltipOf(definition, theme),
      },
    },
  };
}

function laneSpace(definition: ChartDefinition, theme: Theme): number {
  const lanes = definition.faults.reduce((most, band) => Math.max(most, band.lane + 1), 0);
  return lanes * theme.fontSize * 1.6 + theme.fontSize * 0.4;
}

function datasetOf(series: Series, at: number, theme: Theme): ChartDataset<'scatter'> {
  const mark: Mark = theme.marks[series.mark];
  const crowd = series.drawn === 'line' ? series.x.length * 12 : series.x.length;
  const radius = (theme.fontSize / 13) * (crowd > 4000 ? 1.5 : crowd > 800 ? 2 : 3);
  const emphasis = mark.shape === 'circle' ? 1 : 1.5;
  return {
    label: series.label,
    data: series.x.map((x, index) => ({ x, y: series.y[index] ?? Number.NaN })),
    showLine: series.drawn === 'line',
    spanGaps: false,
    borderColor: mark.color,
    backgroundColor: series.drawn === 'line' || crowd < 800 ? mark.color : `${mark.color}99`,
    borderWidth: series.drawn === 'line' ? mark.width : mark.shape === 'circle' ? 0 : mark.width,
    borderDash: [...mark.dash],
    pointStyle: mark.shape === 'dash' ? 'line' : mark.shape,
    pointBorderWidth: mark.shape === 'circle' ? 0 : mark.width,
    pointRadius: (context) =>
      series.drawn === 'line' && series.y[context.dataIndex] === 0 ? 0 : radius * emphasis,
    pointHoverRadius: radius * emphasis + 3,
    pointHitRadius: 4,
    order: -at,
  };
}

interface AxisRange {
  readonly min: number;
  readonly max: number;
  readonly logarithmic: boolean;
}

function axisOf(label: string, { min, max, logarithmic }: AxisRange, theme: Theme) {
  const font = { family: theme.font, size: theme.fontSize * 0.95 };
  const isPower = (value: number): boolean =>
    Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;
  const decades = logarithmic ? Math.log10(max / min) : 0;
  const isNamed = (value: number): boolean => {
    const leading = Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9));
    return isPower(value) || (decades <= 2.5 && (leading === 2 || leading === 5));
  };
  return {
    type: logarithmic ? ('logarithmic' as const) : ('linear' as const),
    min,
    max,
    title: { display: true, text: label, color: theme.faint, font },
    border: { color: theme.gridMajor },
    grid: {
      color: (context: { tick?: { value: number } }) =>
        logarithmic && !isPower(context.tick?.value ?? 1) ? theme.grid : theme.gridMajor,
      lineWidth: 1,
      drawTicks: false,
    },
    ticks: {
      color: theme.faint,
      font,
      padding: 6,
      maxRotation: 0,
      autoSkip: !logarithmic,
      includeBounds: false,
      callback: (value: number | string) => {
        const figure = Number(value);
        if (logarithmic && !isNamed(figure)) return '';
        return Number(figure.toPrecision(6)).toLocaleString('en-US', { maximumFractionDigits: 6 });
      },
    },
  };
}

/** Tint of a kind of fault, the same in every chart of a run. */
function tintOf(kind: string, definition: ChartDefinition, theme: Theme): string {
  if (Object.hasOwn(theme.faults, kind)) return theme.faults[kind] ?? theme.faint;
  const kinds = [...new Set(definition.faults.map((band) => band.kind))];
  const unnamed = kinds.filter((each) => !Object.hasOwn(theme.faults, each));
  return theme.otherFaults[unnamed.indexOf(kind) % theme.otherFaults.length] ?? theme.faint;
}

function legendOf(definition: ChartDefinition, theme: Theme) {
  const kinds = [...new Set(definition.faults.map((band) => band.kind))].slice(0, 12);
  const entriesOf = (chart: Chart): LegendItem[] =>
    definition.series.map((series, at) => {
      const mark: Mark = theme.marks[series.mark];
      return {
        text: series.label,
        fontColor: theme.text,
        fillStyle: mark.color,
        strokeStyle: mark.color,
        lineWidth: mark.shape === 'circle' || mark.shape === 'rect' ? 0 : 2,
        pointStyle: mark.shape === 'dash' ? ('line' as const) : mark.shape,
        hidden: !chart.isDatasetVisible(at),
        datasetIndex: at,
      };
    });
  const faultEntries = (): LegendItem[] =>
    kinds.map((kind) => ({
      text: `fault: ${kind}`,
      fontColor: theme.text,
      fillStyle: `${tintOf(kind, definition, theme)}55`,
      strokeStyle: tintOf(kind, definition, theme),
      lineWidth: 1,
      pointStyle: 'rect' as const,
    }));
  return {
    position: 'bottom' as const,
    align: 'start' as const,
    labels: {
      usePointStyle: true,
      boxWidth: theme.fontSize * 0.7,
      boxHeight: theme.fontSize * 0.7,
      padding: theme.fontSize,
      font: { family: theme.font, size: theme.fontSize },
      generateLabels: (chart: Chart) => [...entriesOf(chart), ...faultEntries()],
    },
    onClick: (_event: unknown, item: LegendItem, legend: { chart: Chart }) => {
      const at = item.datasetIndex;
      if (at !== undefined)
        legend.chart.setDatasetVisibility(at, !legend.chart.isDatasetVisible(at));
      legend.chart.update();
    },
  };
}

function tooltipOf(definition: ChartDefinition, theme: Theme) {
  interface Item {
    readonly datasetIndex: number;
    readonly dataIndex: number;
    readonly parsed: { readonly x: number | null; readonly y: number | null };
  }
  const font = { family: theme.font, size: theme.fontSize };
  return {
    bodyFont: font,
    titleFont: font,
    backgroundColor: theme.text,
    titleColor: theme.background,
    bodyColor: theme.background,
    usePointStyle: true,
    callbacks: {
      title: (items: readonly Item[]) => {
        const at = items[0]?.parsed.x ?? 0;
        const under = definition.faults.filter((band) => band.beginS <= at && at <= band.endS);
        return [`at ${at.toFixed(3)} s`, ...under.slice(0, 3).map((band) => band.labels[0] ?? '')];
      },
      label: (item: Item) => {
        const series = definition.series[item.datasetIndex];
        const name = series?.names?.[series.nameOf?.[item.dataIndex] ?? -1];
        const value = (item.parsed.y ?? 0).toLocaleString('en-US', { maximumSignificantDigits: 4 });
        return `${name === undefined ? '' : `${name.slice(0, 40)}, `}${series?.label ?? ''}: ${value} ${definition.yUnit}`;
      },
    },
  };
}

/** The part of a canvas context that is used; what runs outside browsers has no DOM types. */
interface Brush {
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  font: string;
  textBaseline: string;
  save(): void;
  restore(): void;
  beginPath(): void;
  rect(x: number, y: number, width: number, height: number): void;
  clip(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  strokeRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): { width: number };
}

/** Shades faults over the plot and names them in lanes above it. */
function faultPlugin(definition: ChartDefinition, theme: Theme): Plugin<'scatter'> {
  const pixels = (chart: Chart, seconds: number): number => {
    const { left, right } = chart.chartArea;
    const at = chart.scales.x?.getPixelForValue(seconds) ?? 0;
    return Math.min(right, Math.max(left, at));
  };
  const shade = (chart: Chart, band: FaultBand): void => {
    const brush = chart.ctx as unknown as Brush;
    const { top, bottom } = chart.chartArea;
    const tint = tintOf(band.kind, definition, theme);
    const fill = (fromS: number, toS: number, alpha: string): void => {
      const from = pixels(chart, fromS);
      brush.fillStyle = `${tint}${alpha}`;
      brush.fillRect(from, top, pixels(chart, toS) - from, bottom - top);
    };
    fill(band.beginS, band.activeS ?? band.endS, '14');
    if (band.activeS === null) return;
    fill(band.activeS, band.healS, '30');
    fill(band.healS, band.endS, '14');
  };
  const name = (chart: Chart, band: FaultBand): void => {
    const brush = chart.ctx as unknown as Brush;
    const from = pixels(chart, band.beginS);
    const width = pixels(chart, band.endS) - from;
    if (width < 1) return;
    const height = theme.fontSize * 1.4;
    const y = chart.chartArea.top - (band.lane + 1) * theme.fontSize * 1.6;
    const tint = tintOf(band.kind, definition, theme);
    brush.fillStyle = `${tint}${band.failed ? '10' : '48'}`;
    brush.fillRect(from, y, width, height);
    brush.strokeStyle = tint;
    brush.lineWidth = 1;
    brush.strokeRect(from + 0.5, y + 0.5, Math.max(0, width - 1), height - 1);
    brush.font = `${String(theme.fontSize * 0.85)}px ${theme.font.includes(',') ? theme.font : `"${theme.font}"`}`;
    brush.textBaseline = 'middle';
    brush.fillStyle = theme.text;
    const label = band.labels.find((each) => brush.measureText(each).width <= width - 6);
    if (label !== undefined) brush.fillText(label, from + 4, y + height / 2 + 0.5);
  };
  return {
    id: 'dtest-faults',
    beforeDraw(chart) {
      const brush = chart.ctx as unknown as Brush;
      brush.save();
      brush.fillStyle = theme.background;
      brush.fillRect(0, 0, chart.width, chart.height);
      for (const band of definition.faults) shade(chart, band);
      brush.restore();
    },
    afterDatasetsDraw(chart) {
      const brush = chart.ctx as unknown as Brush;
      brush.save();
      for (const band of definition.faults) name(chart, band);
      brush.restore();
    },
  };
}

/** The text of these functions, for a page that has nothing else. */
export const chartFunctions: readonly string[] = [
  chartConfig,
  laneSpace,
  datasetOf,
  axisOf,
  tintOf,
  legendOf,
  tooltipOf,
  faultPlugin,
].map(String);
