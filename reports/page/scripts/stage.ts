import type { Browser, PageElement, Pen } from './dom.ts';
import type { Item, Scene, Source, View } from './scene.ts';
import type { drawScene } from './stage-drawing.ts';
import type { enableStageKeys } from './stage-keys.ts';
import type { Marks } from './stage-marks.ts';
import type { Places } from './stage-places.ts';
import type { enableStagePointer } from './stage-pointer.ts';

// The functions of this file run in the page, which gets their text (`stageFunctions`): they use
// nothing from outside but their arguments and each other.

/** How a stage draws and listens; handed over, because the page has it by its text alone. */
export interface StageTools {
  readonly drawScene: typeof drawScene;
  readonly marks: Marks;
  readonly places: Places;
  readonly enableStageKeys: typeof enableStageKeys;
  readonly enableStagePointer: typeof enableStagePointer;
}

/** A window on a source that can be moved, by pointer, wheel, buttons and keys. */
export interface Stage {
  show(fromS: number, toS: number): void;
  /** Draws again, after something else than the window has changed. */
  refresh(): void;
  readonly window: () => readonly [fromS: number, toS: number];
}

/** What keys and the pointer do to a stage. */
export interface StageHands {
  readonly show: (fromS: number, toS: number) => void;
  /** `in`, `out`, `earlier`, `later`, `whole`, as buttons say it. */
  readonly move: (move: string) => void;
  readonly zoom: (factor: number, aroundS: number) => void;
  readonly select: (item: Item | undefined) => void;
}

/** What a stage is at. */
export interface StageState {
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
  const state: StageState = {
    ...{ browser, root, scroller, canvas, source, tools, fromS, toS, selected: null },
    ...{ scene: { lanes: [], items: [], note: '' }, view: null, isWaiting: false },
  };
  const again = (): void => paintSoon(state);
  browser.addEventListener('resize', again);
  browser.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
  const hands: StageHands = {
    show: (from, to) => showStretch(state, from, to),
    move: (move) => moveStage(state, move),
    zoom: (factor, aroundS) => zoomStage(state, factor, aroundS),
    select: (item) => selectItem(state, item),
  };
  tools.enableStageKeys(state, hands);
  tools.enableStagePointer(state, hands);
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
function showStretch(state: StageState, fromS: number, toS: number): void {
  const { startS, endS } = state.source;
  const spanS = Math.min(endS - startS, Math.max(2e-5, toS - fromS));
  const middleS = (fromS + toS) / 2;
  state.fromS = Math.min(Math.max(startS, middleS - spanS / 2), endS - spanS);
  state.toS = state.fromS + spanS;
  paintSoon(state);
}

function paintSoon(state: StageState): void {
  if (state.isWaiting) return;
  state.isWaiting = true;
  state.browser.requestAnimationFrame(() => {
    state.isWaiting = false;
    paint(state);
  });
}

function paint(state: StageState): void {
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
  const { marks, places } = tools;
  tools.drawScene({ pen, view: state.view, palette, places }, state.scene, {
    ...{ marks, faults: source.faults },
  });
  say(root, '.note', state.scene.note);
  say(root, '.range-words', `${fromS.toFixed(4)} s to ${toS.toFixed(4)} s`);
}

function say(root: PageElement, selector: string, text: string): void {
  const place = root.querySelector(selector);
  if (place !== null && place.textContent !== text) place.textContent = text;
}

/** Buttons and keys move by these names. */
function moveStage(state: StageState, move: string): void {
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

function zoomStage(state: StageState, factor: number, aroundS: number): void {
  const { fromS, toS } = state;
  showStretch(state, aroundS - (aroundS - fromS) * factor, aroundS + (toS - aroundS) * factor);
}

function selectItem(state: StageState, item: Item | undefined): void {
  if (item === undefined || item.id === state.selected) return;
  state.selected = item.id;
  say(state.root, '.details', state.source.tell(item.id));
  paintSoon(state);
}

export const stageFunctions: readonly string[] = [
  ...[startStage, showStretch, paintSoon, paint, say, moveStage, zoomStage, selectItem],
].map(String);
