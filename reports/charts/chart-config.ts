import type { Chart, ChartConfiguration, ChartDataset, LegendItem } from 'chart.js';
import type { ChartDefinition, Series } from './definition.ts';
import type { Mark, Theme } from './theme.ts';

// The functions of this file are used twice: here, to draw PNGs, and in the page, which gets their
// text (`chart-kit.ts`). So they use nothing from outside but their arguments and each other.

/** A chart.js configuration for a definition in a theme. */
export function chartConfig(
  definition: ChartDefinition,
  theme: Theme,
): ChartConfiguration<'scatter'> {
  const size = theme.fontSize;
  const lanes = laneSpace(definition, theme);
  const isTimeline =
    definition.series[0]?.drawn === 'line' && (definition.xAxis ?? 'time') === 'time';
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
        mode: isTimeline ? 'index' : 'nearest',
        intersect: !isTimeline,
      },
      scales: {
        x: xAxisOf(definition, theme),
        y: {
          ...axisOf(
            definition.yLabel,
            {
              min: definition.yMin,
              max: definition.yMax,
              logarithmic: definition.yScale === 'logarithmic',
            },
            theme,
          ),
          // Charts stand above each other, and the same moment of each has to.
          afterFit: (scale: { width: number }): void => {
            scale.width = Math.max(scale.width, size * 5.6);
          },
        },
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

/** Nines are spread evenly: each takes as much room as the one before. */
function xAxisOf(definition: ChartDefinition, theme: Theme) {
  const kind = definition.xAxis ?? 'time';
  const range = { min: definition.xMin ?? 0, max: definition.xMax };
  const axis = axisOf(definition.xLabel, { ...range, logarithmic: kind === 'logarithmic' }, theme);
  if (kind === 'whole') return { ...axis, ticks: { ...axis.ticks, precision: 0 } };
  if (kind !== 'nines') return axis;
  const shares: Readonly<Record<number, string>> = { 0: '0', 1: '90', 2: '99', 3: '99.9' };
  const named = (value: number): string => shares[value] ?? `99.${'9'.repeat(value - 2)}`;
  return {
    ...axis,
    ticks: {
      ...axis.ticks,
      stepSize: 1,
      callback: (value: number | string) => `${named(Number(value))} %`,
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
  const fill = series.drawn === 'line' || crowd < 800 ? mark.color : `${mark.color}99`;
  return {
    label: series.label,
    data: series.x.map((x, index) => ({ x, y: series.y[index] ?? Number.NaN })),
    showLine: series.drawn === 'line',
    spanGaps: false,
    borderColor: mark.color,
    backgroundColor: fill,
    borderWidth: series.drawn === 'line' ? mark.width : mark.shape === 'circle' ? 0 : mark.width,
    borderDash: [...mark.dash],
    pointStyle: mark.shape === 'dash' ? 'line' : mark.shape,
    pointBackgroundColor: (context: { readonly dataIndex: number }) =>
      series.limited?.[context.dataIndex] === true ? theme.background : fill,
    pointBorderWidth: mark.shape === 'circle' && series.limited === undefined ? 0 : mark.width,
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
    const leading = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
    const isNear = (digit: number): boolean => Math.abs(leading - digit) < 1e-6;
    return isPower(value) || (decades <= 2.5 && (isNear(2) || isNear(5)));
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
export function tintOf(kind: string, definition: ChartDefinition, theme: Theme): string {
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
      text: kind === 'warm-up' ? kind : `fault: ${kind}`,
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
        if ((definition.xAxis ?? 'time') !== 'time') return [];
        const under = definition.faults.filter((band) => band.beginS <= at && at <= band.endS);
        return [`at ${at.toFixed(3)} s`, ...under.slice(0, 3).map((band) => band.labels[0] ?? '')];
      },
      label: (item: Item) => {
        const series = definition.series[item.datasetIndex];
        const name = series?.names?.[series.nameOf?.[item.dataIndex] ?? -1];
        const value = (item.parsed.y ?? 0).toLocaleString('en-US', { maximumSignificantDigits: 4 });
        return `${name === undefined ? '' : `${name.slice(0, 80)}, `}${series?.label ?? ''}: ${value} ${definition.yUnit}`;
      },
    },
  };
}

/** The text of these functions, for a page that has nothing else. */
export const configFunctions: readonly string[] = [
  chartConfig,
  xAxisOf,
  laneSpace,
  datasetOf,
  axisOf,
  tintOf,
  legendOf,
  tooltipOf,
].map(String);
