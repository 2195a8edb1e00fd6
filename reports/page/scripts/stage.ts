import type { Browser, PageElement, PageEvent, Pen } from './dom.ts';
import type { Item, Scene, Source, View } from './scene.ts';
import type { boxOf, drawScene, endsOf, middleOf } from './stage-drawing.ts';

// The functions of this file run in the page, which gets their text (`stageFunctions`): they use
// nothing from outside but their arguments and each other.

/** How a stage draws; handed over, because the page has it by its text alone. */
export interface StageTools {
  readonly drawScene: typeof drawScene;
  readonly boxOf: typeof boxOf;
  readonly endsOf: typeof endsOf;
  readonly middleOf: typeof middleOf;
}

/** A window on a source that can be moved, by pointer, wheel, buttons and keys. */
export interface Stage {
  show(fromS: number, toS: number): void;
  /** Draws again, after something else than the window has changed. */
  refresh(): void;
  readonly window: () => readonly [fromS: number, toS: number];
}

/** What a stage is at. */
interface State {
  readonly browser: Browser;
  readonly root: PageElement;
  readonly scroller: PageElement;
  readonly canvas: PageElement;
  readonly source: Source;
  readonly tools: StageTools;
  fromS: number;
  toS: number;
  selected: number | null;
  scene: Scene;
  view: View | null;
  isWaiting: boolean;
}

/** The stage in `root`, which holds a `.scene` with a canvas, `.details`, `.note` and buttons. */
export function startStage(
  browser: Browser,
  root: PageElement,
  source: Source,
  tools: StageTools,
): Stage | null {
  const scroller = root.querySelector('.scene');
  const canvas = scroller?.querySelector('canvas') ?? null;
  if (scroller === null || canvas === null) return null;
  const [fromS, toS] = source.first;
  const state: State = {
    ...{ browser, root, scroller, canvas, source, tools, fromS, toS, selected: null },
    ...{ scene: { lanes: [], items: [], note: '' }, view: null, isWaiting: false },
  };
  const again = (): void => paintSoon(state);
  browser.addEventListener('resize', again);
  browser.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
  enableStageKeys(state);
  enableStagePointer(state);
  for (const button of root.querySelectorAll('button[data-move]'))
    button.addEventListener('click', () => moveStage(state, button.dataset.move ?? ''));
  showStretch(state, fromS, toS);
  return {
    show: (from, to) => showStretch(state, from, to),
    refresh: () => showStretch(state, state.fromS, state.toS),
    window: () => [state.fromS, state.toS],
  };
}

/** Within what there is, and never so narrow that figures run out. */
function showStretch(state: State, fromS: number, toS: number): void {
  const { startS, endS } = state.source;
  const spanS = Math.min(endS - startS, Math.max(2e-5, toS - fromS));
  const middleS = (fromS + toS) / 2;
  state.fromS = Math.min(Math.max(startS, middleS - spanS / 2), endS - spanS);
  state.toS = state.fromS + spanS;
  paintSoon(state);
}

function paintSoon(state: State): void {
  if (state.isWaiting) return;
  state.isWaiting = true;
  state.browser.requestAnimationFrame(() => {
    state.isWaiting = false;
    paint(state);
  });
}

function paint(state: State): void {
  const { browser, root, scroller, canvas, source, tools, fromS, toS } = state;
  const width = scroller.clientWidth;
  if (width === 0) return;
  const styles = browser.getComputedStyle(browser.document.documentElement);
  const size = (Number.parseFloat(styles.fontSize) / 16) * 13;
  state.scene = source.scene(fromS, toS);
  const laneHeight = Math.round(size * 1.75 * source.laneScale);
  const top = size * 3.2;
  const height = Math.round(top + Math.max(3, state.scene.lanes.length) * laneHeight + size);
  const left = width < 560 ? size * 6 : size * 10;
  state.view = { fromS, toS, left, right: width, top, laneHeight, height, size };
  const ratio = Math.min(3, browser.devicePixelRatio);
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.height = `${String(height)}px`;
  const pen: Pen | null = canvas.getContext('2d');
  if (pen === null) return;
  pen.scale(ratio, ratio);
  const palette = {
    color: (name: string) => styles.getPropertyValue(name).trim(),
    font: "system-ui, 'DejaVu Sans', sans-serif",
    selected: state.selected,
  };
  tools.drawScene(pen, state.scene, state.view, { palette, faults: source.faults });
  say(root, '.note', state.scene.note);
  say(root, '.range-words', `${fromS.toFixed(4)} s to ${toS.toFixed(4)} s`);
}

function say(root: PageElement, selector: string, text: string): void {
  const place = root.querySelector(selector);
  if (place !== null && place.textContent !== text) place.textContent = text;
}

/** Buttons and keys move by these names. */
function moveStage(state: State, move: string): void {
  const { fromS, toS, source } = state;
  const spanS = toS - fromS;
  const chosen = state.scene.items.find(({ id }) => id === state.selected);
  const focusS =
    chosen === undefined ? (fromS + toS) / 2 : Math.min(toS, Math.max(fromS, chosen.fromS));
  if (move === 'in') zoomStage(state, 0.5, focusS);
  if (move === 'out') zoomStage(state, 2, focusS);
  if (move === 'earlier') showStretch(state, fromS - spanS / 3, toS - spanS / 3);
  if (move === 'later') showStretch(state, fromS + spanS / 3, toS + spanS / 3);
  if (move === 'whole') showStretch(state, source.startS, source.endS);
}

function zoomStage(state: State, factor: number, aroundS: number): void {
  const { fromS, toS } = state;
  showStretch(state, aroundS - (aroundS - fromS) * factor, aroundS + (toS - aroundS) * factor);
}

function selectItem(state: State, item: Item | undefined): void {
  if (item === undefined || item.id === state.selected) return;
  state.selected = item.id;
  say(state.root, '.details', state.source.tell(item.id));
  paintSoon(state);
}

/** Arrows go from item to item, within a lane and between lanes; the rest moves the window. */
function enableStageKeys(state: State): void {
  const moves: Readonly<Record<string, string>> = {
    ...{ '+': 'in', '=': 'in', '-': 'out', '0': 'whole', PageUp: 'earlier', PageDown: 'later' },
  };
  state.scroller.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = moves[event.key];
    if (move !== undefined) moveStage(state, move);
    else if (event.key === 'ArrowLeft') stepAlong(state, -1);
    else if (event.key === 'ArrowRight') stepAlong(state, 1);
    else if (event.key === 'ArrowUp') stepAcross(state, -1);
    else if (event.key === 'ArrowDown') stepAcross(state, 1);
    else return;
    event.preventDefault();
  });
}

/** To the next item of the lane, into what is not in the window yet if need be. */
function stepAlong(state: State, step: 1 | -1): void {
  const current = state.scene.items.find(({ id }) => id === state.selected);
  if (current === undefined) {
    const middleS = (state.fromS + state.toS) / 2;
    reveal(state, nearest(state.scene.items, middleS));
    return;
  }
  const beyond = (items: readonly Item[]): Item | undefined => {
    const lane = items.filter(({ lane }) => lane === current.lane);
    const at = lane.findIndex(({ id }) => id === current.id);
    return at === -1 ? undefined : lane[at + step];
  };
  const found = beyond(state.scene.items);
  if (found !== undefined) {
    reveal(state, found);
    return;
  }
  const spanS = (state.toS - state.fromS) * 0.6 * step;
  const { startS, endS } = state.source;
  if (step > 0 ? state.toS >= endS : state.fromS <= startS) return;
  showStretch(state, state.fromS + spanS, state.toS + spanS);
  state.scene = state.source.scene(state.fromS, state.toS);
  const later = state.scene.items.filter(({ fromS }) =>
    step > 0 ? fromS > current.fromS : fromS < current.fromS,
  );
  reveal(state, step > 0 ? later[0] : later.at(-1));
}

/** To what is nearest in time in the next lane that has anything. */
function stepAcross(state: State, step: 1 | -1): void {
  const { items, lanes } = state.scene;
  const current = items.find(({ id }) => id === state.selected);
  if (current === undefined) {
    stepAlong(state, 1);
    return;
  }
  for (let lane = current.lane + step; lane >= 0 && lane < lanes.length; lane += step) {
    const there = items.filter((item) => item.lane === lane);
    if (there.length > 0) {
      reveal(state, nearest(there, current.fromS));
      return;
    }
  }
}

function nearest(items: readonly Item[], timeS: number): Item | undefined {
  let best: Item | undefined;
  for (const item of items)
    if (best === undefined || Math.abs(item.fromS - timeS) < Math.abs(best.fromS - timeS))
      best = item;
  return best;
}

/** Selects it and brings it into sight. */
function reveal(state: State, item: Item | undefined): void {
  if (item === undefined) return;
  selectItem(state, item);
  const { fromS, toS, view, scroller, tools } = state;
  if (item.fromS < fromS || item.fromS > toS) {
    const half = (toS - fromS) / 2;
    showStretch(state, item.fromS - half, item.fromS + half);
  }
  if (view === null) return;
  const y = tools.middleOf(item.lane, view);
  const { scrollTop, clientHeight } = scroller;
  if (y < scrollTop + view.top || y > scrollTop + clientHeight - view.laneHeight)
    scroller.scrollTop = y - clientHeight / 2;
}

/** Dragging moves the window, the wheel zooms where the stage has the focus or Ctrl is held. */
function enableStagePointer(state: State): void {
  const { canvas, scroller } = state;
  let dragged: { readonly x: number; readonly fromS: number; readonly toS: number } | null = null;
  const timeAt = (event: PageEvent): number => {
    const { view, fromS, toS } = state;
    if (view === null) return fromS;
    const x = event.clientX - canvas.getBoundingClientRect().left;
    return fromS + ((x - view.left) / (view.right - view.left)) * (toS - fromS);
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    dragged = { x: event.clientX, fromS: state.fromS, toS: state.toS };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    const { view } = state;
    if (view === null) return;
    if (dragged === null) {
      selectItem(state, itemUnder(state, view, event));
      return;
    }
    const shiftS =
      ((dragged.x - event.clientX) / (view.right - view.left)) * (dragged.toS - dragged.fromS);
    showStretch(state, dragged.fromS + shiftS, dragged.toS + shiftS);
  });
  const finish = (): void => void (dragged = null);
  canvas.addEventListener('pointerup', finish);
  canvas.addEventListener('pointercancel', finish);
  canvas.addEventListener('dblclick', (event) => zoomStage(state, 0.4, timeAt(event)));
  canvas.addEventListener(
    'wheel',
    (event) => {
      const isOurs =
        event.ctrlKey || event.metaKey || state.browser.document.activeElement === scroller;
      if (!isOurs) return;
      event.preventDefault();
      const spanS = state.toS - state.fromS;
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
        const shiftS = ((event.deltaX + event.deltaY) / 800) * spanS;
        showStretch(state, state.fromS + shiftS, state.toS + shiftS);
      } else
        zoomStage(state, Math.exp(Math.max(-1, Math.min(1, event.deltaY / 300))), timeAt(event));
    },
    { passive: false },
  );
}

function itemUnder(state: State, view: View, event: PageEvent): Item | undefined {
  const { left, top } = state.canvas.getBoundingClientRect();
  const [x, y] = [event.clientX - left, event.clientY - top];
  let best: Item | undefined;
  let least = 7;
  for (const item of state.scene.items) {
    const away = distanceTo(state, item, view, [x, y]);
    // What is drawn later lies on top.
    if (away <= least) [best, least] = [item, away];
  }
  return best;
}

function distanceTo(
  { tools }: State,
  item: Item,
  view: View,
  [x, y]: readonly [number, number],
): number {
  if (item.kind === 'bar') {
    const box = tools.boxOf(item, view);
    const dx = Math.max(box.x - x, 0, x - box.x - box.width);
    const dy = Math.max(box.y - y, 0, y - box.y - box.height);
    return Math.hypot(dx, dy);
  }
  const { from, to } = tools.endsOf(item, view);
  if (item.kind === 'note') return Math.max(0, Math.hypot(x - from.x, y - from.y) - 8);
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const along = ((x - from.x) * (to.x - from.x) + (y - from.y) * (to.y - from.y)) / length ** 2;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(x - from.x - share * (to.x - from.x), y - from.y - share * (to.y - from.y));
}

export const stageFunctions: readonly string[] = [
  ...[startStage, showStretch, paintSoon, paint, say, moveStage, zoomStage, selectItem],
  ...[enableStageKeys, stepAlong, stepAcross, nearest, reveal, enableStagePointer, itemUnder],
  distanceTo,
].map(String);
