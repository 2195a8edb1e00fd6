import type { Chart, ChartConfiguration } from 'chart.js';
import type { ChartDefinition } from '../charts/definition.ts';
import type { Theme } from '../charts/theme.ts';

// The functions of this file run in the page, which gets their text (`pageFunctions`): they use
// nothing from outside but their arguments and each other. Without them the page still says all it
// has to say, with still pictures.

/** The parts of a browser that the page uses; code that runs in Node.js too has no DOM types. */
interface PageElement {
  hidden: boolean;
  textContent: string | null;
  tabIndex: number;
  scrollLeft: number;
  readonly dataset: Readonly<Record<string, string | undefined>>;
  readonly classList: { add(name: string): void };
  readonly style: Record<string, string>;
  focus(): void;
  remove(): void;
  append(child: PageElement): void;
  closest(selector: string): PageElement | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  getBoundingClientRect(): { readonly left: number; readonly width: number };
  setPointerCapture(pointer: number): void;
  addEventListener(name: string, listener: (event: PageEvent) => void): void;
}

interface PageEvent {
  readonly key: string;
  readonly button: number;
  readonly clientX: number;
  readonly pointerId: number;
  readonly target: PageElement;
  preventDefault(): void;
}

interface Browser {
  readonly document: PageElement & {
    readonly documentElement: PageElement;
    createElement(name: string): PageElement;
  };
  readonly navigator: { readonly clipboard?: { writeText(text: string): Promise<void> } };
  getComputedStyle(element: PageElement): { readonly fontSize: string };
  matchMedia(query: string): {
    readonly matches: boolean;
    addEventListener(name: string, listener: () => void): void;
  };
  addEventListener(name: string, listener: () => void): void;
}

interface Drawing {
  readonly Chart: new (canvas: PageElement, config: ChartConfiguration<'scatter'>) => Chart;
  chartConfig(definition: ChartDefinition, theme: Theme): ChartConfiguration<'scatter'>;
  readonly charts: readonly ChartDefinition[];
  readonly light: Theme;
  readonly dark: Theme;
}

/** Brings the page to life. */
export function startPage(browser: Browser, drawing: Drawing): void {
  browser.document.documentElement.classList.add('scripted');
  enableCopying(browser);
  for (const failure of browser.document.querySelectorAll('.failure')) enableTimeline(failure);
  enableCharts(browser, drawing);
}

function enableCopying({ document, navigator }: Browser): void {
  const clipboard = navigator.clipboard;
  if (clipboard === undefined) return;
  for (const button of document.querySelectorAll('button[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const text = document.querySelector(button.dataset.copy ?? '')?.textContent ?? '';
      clipboard.writeText(text).then(
        () => (button.textContent = 'Copied'),
        () => (button.textContent = 'Select and copy by hand'),
      );
    });
  }
}

/** Shows what the pointer or the focus is on; arrow keys go from operation to operation. */
function enableTimeline(failure: PageElement): void {
  const details = failure.querySelector('.details');
  const operations = [...failure.querySelectorAll('[data-details]')];
  if (details === null) return;
  const first = operations.find((each) => each.dataset.stuck === 'true') ?? operations[0];
  operations.forEach((operation, at) => {
    const show = (): void => {
      details.textContent = operation.dataset.details ?? '';
      for (const each of operations) each.tabIndex = each === operation ? 0 : -1;
    };
    operation.tabIndex = operation === first ? 0 : -1;
    operation.addEventListener('pointerenter', show);
    operation.addEventListener('focus', show);
    operation.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      operations[at + step]?.focus();
    });
  });
  const stage = failure.querySelector('.stage');
  if (stage !== null && first !== undefined) {
    const { left, width } = stage.getBoundingClientRect();
    stage.scrollLeft = first.getBoundingClientRect().left - left - width / 2;
  }
  details.hidden = false;
  details.textContent = first?.dataset.details ?? '';
}

/** Draws all charts; they share their time axis, so that a range chosen in one is shown in all. */
function enableCharts(browser: Browser, drawing: Drawing): void {
  const darkness = browser.matchMedia('(prefers-color-scheme: dark)');
  const printing = browser.matchMedia('print');
  const drawn: Chart[] = [];
  const { fontSize: rootSize } = browser.getComputedStyle(browser.document.documentElement);
  const zoom = Number.parseFloat(rootSize) / 16;
  const reset = browser.document.querySelector('#whole-run');
  const show = (fromS: number, toS: number): void => {
    const end = Math.max(...drawing.charts.map((each) => each.xMax));
    const isWhole = fromS <= 0 && toS >= end;
    for (const chart of drawn) {
      const axis = chart.options.scales?.x;
      if (axis !== undefined)
        Object.assign(axis, { min: Math.max(0, fromS), max: Math.min(end, toS) });
      chart.update('none');
    }
    if (reset !== null) reset.hidden = isWhole;
  };
  const draw = (): void => {
    for (const chart of drawn.splice(0)) chart.destroy();
    for (const definition of drawing.charts) {
      const plot = browser.document.querySelector(`[data-chart="${definition.name}"]`);
      const canvas = plot?.querySelector('canvas');
      if (plot === null || canvas === null || canvas === undefined) continue;
      const theme = darkness.matches && !printing.matches ? drawing.dark : drawing.light;
      const fontSize = theme.fontSize * zoom;
      plot.classList.add('drawn');
      drawn.push(
        new drawing.Chart(canvas, drawing.chartConfig(definition, { ...theme, fontSize })),
      );
    }
  };
  draw();
  darkness.addEventListener('change', draw);
  for (const plot of browser.document.querySelectorAll('[data-chart]')) {
    const at = drawing.charts.findIndex((each) => each.name === plot.dataset.chart);
    const chartNow = (): Chart | undefined => drawn[at];
    enableDragging(browser, plot, { chartNow, show });
    enableKeys(plot, { chartNow, show });
  }
  reset?.addEventListener('click', () => show(0, Infinity));
}

interface Zooming {
  readonly chartNow: () => Chart | undefined;
  readonly show: (fromS: number, toS: number) => void;
}

/** A range of time chosen by dragging over the plot; a double click shows the whole run again. */
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
  const within = (event: PageEvent): number => {
    const area = chartNow()?.chartArea;
    const at = event.clientX - canvas.getBoundingClientRect().left;
    return area === undefined ? at : Math.min(area.right, Math.max(area.left, at));
  };
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
  canvas.addEventListener('dblclick', () => show(0, Infinity));
}

/** `+` and `-` zoom, arrows move, `0` shows the whole run. */
function enableKeys(plot: PageElement, { chartNow, show }: Zooming): void {
  plot.addEventListener('keydown', (event) => {
    const axis = chartNow()?.scales.x;
    if (axis === undefined) return;
    const span = axis.max - axis.min;
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      '+': [0.2, -0.2],
      '=': [0.2, -0.2],
      '-': [-0.33, 0.33],
      ArrowLeft: [-0.2, -0.2],
      ArrowRight: [0.2, 0.2],
      '0': [-Infinity, Infinity],
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    show(axis.min + span * move[0], axis.max + span * move[1]);
  });
}

/** The text of these functions, to stand in a script element together with that of `chart-config.ts`. */
export const pageFunctions: readonly string[] = [
  startPage,
  enableCopying,
  enableTimeline,
  enableCharts,
  enableDragging,
  enableKeys,
].map(String);
