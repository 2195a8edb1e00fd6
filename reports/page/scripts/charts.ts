import type { Chart, ChartConfiguration } from 'chart.js';
import type { ChartDefinition, Series } from '../../charts/definition.ts';
import type { Theme } from '../../charts/theme.ts';
import type { Browser, PageElement, PageEvent } from './dom.ts';

// The functions of this file run in the page, which gets their text (`chartScriptFunctions`): they use
// nothing from outside but their arguments and each other.

export interface Drawing {
  readonly Chart: new (canvas: PageElement, config: ChartConfiguration<'scatter'>) => Chart;
  configOf(definition: ChartDefinition, theme: Theme): ChartConfiguration<'scatter'>;
  readonly charts: readonly ChartDefinition[];
  readonly light: Theme;
  readonly dark: Theme;
}

/** What the charts that run over time show of it, all the same. */
export interface ChartRange {
  show(fromS: number, toS: number): void;
  /** Told of every stretch that somebody chose. */
  onChoice(listener: (fromS: number, toS: number) => void): void;
}

interface Drawn {
  readonly definition: ChartDefinition;
  readonly plot: PageElement;
  chart: Chart | null;
}

/** Draws all charts. Those over time share their axis: a stretch chosen in one is shown in all. */
export function startCharts(browser: Browser, drawing: Drawing): ChartRange {
  const darkness = browser.matchMedia('(prefers-color-scheme: dark)');
  const printing = browser.matchMedia('print');
  const { fontSize: rootSize } = browser.getComputedStyle(browser.document.documentElement);
  const zoom = Number.parseFloat(rootSize) / 16;
  const all: Drawn[] = drawing.charts.flatMap((definition) => {
    const plot = browser.document.querySelector(`[data-chart="${definition.name}"]`);
    return plot === null ? [] : [{ definition, plot, chart: null }];
  });
  const timed = all.filter(({ definition }) => (definition.xAxis ?? 'time') === 'time');
  const end = Math.max(0, ...timed.map(({ definition }) => definition.xMax));
  const listeners: ((fromS: number, toS: number) => void)[] = [];
  let [shownFrom, shownTo] = [0, end];
  const themeNow = (): Theme => {
    const theme = darkness.matches && !printing.matches ? drawing.dark : drawing.light;
    return { ...theme, fontSize: theme.fontSize * zoom };
  };
  const apply = (): void => {
    for (const each of timed)
      stretchChart(each, shownFrom, shownTo, { drawing, theme: themeNow() });
    const isWhole = shownFrom <= 0 && shownTo >= end;
    const words = `${shownFrom.toFixed(3)} s to ${shownTo.toFixed(3)} s`;
    for (const place of browser.document.querySelectorAll('.chart-range'))
      place.textContent = isWhole ? 'all of it' : words;
  };
  const show = (fromS: number, toS: number): void => {
    const spanS = Math.min(end, Math.max(end / 1e5, toS - fromS));
    const middleS = fromS === -Infinity || toS === Infinity ? end / 2 : (fromS + toS) / 2;
    shownFrom = Math.min(Math.max(0, middleS - spanS / 2), end - spanS);
    shownTo = shownFrom + spanS;
    apply();
    for (const listener of listeners) listener(shownFrom, shownTo);
  };
  const draw = (): void => {
    for (const each of all) {
      const canvas = each.plot.querySelector('canvas');
      if (canvas === null) continue;
      each.chart?.destroy();
      each.plot.classList.add('drawn');
      each.chart = new drawing.Chart(canvas, drawing.configOf(each.definition, themeNow()));
    }
    if (shownFrom > 0 || shownTo < end) apply();
  };
  draw();
  darkness.addEventListener('change', draw);
  for (const each of timed) {
    const zooming = { chartNow: () => each.chart, show };
    enableDragging(browser, each.plot, zooming);
    enableWheel(browser, each.plot, zooming);
    enableChartKeys(each.plot, zooming);
  }
  for (const button of browser.document.querySelectorAll('button[data-zoom]')) {
    button.hidden = false;
    button.addEventListener('click', () =>
      moveCharts(button.dataset.zoom ?? '', { shownFrom, shownTo }, show),
    );
  }
  return { show, onChoice: (listener) => void listeners.push(listener) };
}

/** Shows a stretch of time, in windows as fine as there are for so little of it. */
function stretchChart(
  each: Drawn,
  fromS: number,
  toS: number,
  { drawing, theme }: { readonly drawing: Drawing; readonly theme: Theme },
): void {
  const { definition, chart, plot } = each;
  if (chart === null) return;
  const axis = chart.options.scales?.x;
  if (axis !== undefined) Object.assign(axis, { min: fromS, max: toS });
  const share = (toS - fromS) / definition.xMax;
  const finer = (definition.finer ?? []).filter(
    ({ series }) => (series[0]?.x.length ?? 0) * share <= 130,
  );
  const chosen = share >= 0.999 ? undefined : finer.at(-1);
  const series: readonly Series[] = chosen?.series ?? definition.series;
  if (definition.finer !== undefined) {
    const hidden = definition.series.map((_, at) => !chart.isDatasetVisible(at));
    const { datasets } = drawing.configOf({ ...definition, series }, theme).data;
    datasets.forEach((dataset, at) => (dataset.hidden = hidden[at] ?? false));
    chart.data.datasets = datasets;
    const most = highestOf(series, fromS, toS);
    const height = chart.options.scales?.y;
    if (definition.yScale === 'linear' && height !== undefined)
      Object.assign(height, { max: chosen === undefined ? definition.yMax : most * 1.08 });
  }
  const words = plot.closest('figure')?.querySelector('.window-words');
  if (words !== null && words !== undefined)
    words.textContent =
      chosen === undefined
        ? ''
        : `Closer: windows of ${(chosen.widthS * 1000).toLocaleString('en-US')} ms.`;
  chart.update('none');
}

function highestOf(series: readonly Series[], fromS: number, toS: number): number {
  let most = 0;
  for (const { x, y } of series)
    y.forEach((value, at) => {
      const timeS = x[at] ?? 0;
      if (timeS >= fromS && timeS <= toS) most = Math.max(most, value ?? 0);
    });
  return most === 0 ? 1 : most;
}

interface Zooming {
  readonly chartNow: () => Chart | null;
  readonly show: (fromS: number, toS: number) => void;
}

function moveCharts(
  move: string,
  { shownFrom, shownTo }: { readonly shownFrom: number; readonly shownTo: number },
  show: (fromS: number, toS: number) => void,
): void {
  const span = shownTo - shownFrom;
  const moves: Readonly<Record<string, readonly [number, number]>> = {
    in: [0.25, -0.25],
    out: [-0.5, 0.5],
    earlier: [-0.25, -0.25],
    later: [0.25, 0.25],
    whole: [-Infinity, Infinity],
  };
  const [from, to] = moves[move] ?? [0, 0];
  show(shownFrom + span * from, shownTo + span * to);
}

/** `+` and `-` zoom, arrows move, `0` shows everything. */
function enableChartKeys(plot: PageElement, { chartNow, show }: Zooming): void {
  const names: Readonly<Record<string, string>> = {
    ...{
      '+': 'in',
      '=': 'in',
      '-': 'out',
      ArrowLeft: 'earlier',
      ArrowRight: 'later',
      '0': 'whole',
    },
  };
  plot.addEventListener('keydown', (event) => {
    const axis = chartNow()?.scales.x;
    const move = names[event.key];
    if (axis === undefined || move === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    moveCharts(move, { shownFrom: axis.min, shownTo: axis.max }, show);
  });
}

/** Zooms where the chart has the focus or Ctrl is held; else the wheel scrolls the page as ever. */
function enableWheel(browser: Browser, plot: PageElement, { chartNow, show }: Zooming): void {
  plot.addEventListener(
    'wheel',
    (event) => {
      const axis = chartNow()?.scales.x;
      const isOurs = event.ctrlKey || event.metaKey || browser.document.activeElement === plot;
      if (axis === undefined || !isOurs) return;
      event.preventDefault();
      const x = event.clientX - plot.getBoundingClientRect().left;
      const atS = Math.min(axis.max, Math.max(axis.min, axis.getValueForPixel(x) ?? axis.min));
      const factor = Math.exp(Math.max(-1, Math.min(1, event.deltaY / 300)));
      show(atS - (atS - axis.min) * factor, atS + (axis.max - atS) * factor);
    },
    { passive: false },
  );
}

/** A stretch of time chosen by dragging over the plot; a double click shows everything again. */
function enableDragging(
  { document }: Browser,
  plot: PageElement,
  { chartNow, show }: Zooming,
): void {
  const canvas = plot.querySelector('canvas');
  if (canvas === null) return;
  const minimumPx = 6;
  let startPx: number | null = null;
  let range: PageElement | null = null;
  const within = (event: PageEvent): number => event.clientX - canvas.getBoundingClientRect().left;
  const finish = (): void => {
    range?.remove();
    range = null;
    startPx = null;
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    startPx = within(event);
    range = document.createElement('div');
    range.classList.add('range');
    plot.append(range);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (startPx === null || range === null) return;
    const nowPx = within(event);
    const offset = canvas.getBoundingClientRect().left - plot.getBoundingClientRect().left;
    range.style.left = `${String(Math.min(startPx, nowPx) + offset)}px`;
    range.style.width = `${String(Math.abs(nowPx - startPx))}px`;
  });
  canvas.addEventListener('pointerup', (event) => {
    const axis = chartNow()?.scales.x;
    const endPx = within(event);
    if (startPx !== null && axis !== undefined && Math.abs(endPx - startPx) >= minimumPx) {
      const from = axis.getValueForPixel(Math.min(startPx, endPx)) ?? 0;
      show(from, axis.getValueForPixel(Math.max(startPx, endPx)) ?? from);
    }
    finish();
  });
  canvas.addEventListener('pointercancel', finish);
  canvas.addEventListener('dblclick', () => show(-Infinity, Infinity));
}

export const chartScriptFunctions: readonly string[] = [
  ...[startCharts, stretchChart, highestOf, moveCharts, enableChartKeys, enableWheel],
  enableDragging,
].map(String);
