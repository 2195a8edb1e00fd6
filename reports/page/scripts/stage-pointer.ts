import type { PageEvent } from './dom.ts';
import type { Item, View } from './scene.ts';
import type { StageHands, StageState } from './stage.ts';

// The functions of this file run in the page, which gets their text (`pointerFunctions`): they use
// nothing from outside but their arguments and each other.

/** Dragging moves the window, the wheel zooms where the stage has the focus or Ctrl is held. */
export function enableStagePointer(state: StageState, hands: StageHands): void {
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
      hands.select(itemUnder(state, view, event));
      return;
    }
    const shiftS =
      ((dragged.x - event.clientX) / (view.right - view.left)) * (dragged.toS - dragged.fromS);
    hands.show(dragged.fromS + shiftS, dragged.toS + shiftS);
  });
  const finish = (): void => void (dragged = null);
  canvas.addEventListener('pointerup', finish);
  canvas.addEventListener('pointercancel', finish);
  canvas.addEventListener('dblclick', (event) => hands.zoom(0.4, timeAt(event)));
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
        hands.show(state.fromS + shiftS, state.toS + shiftS);
      } else hands.zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY / 300))), timeAt(event));
    },
    { passive: false },
  );
}

function itemUnder(state: StageState, view: View, event: PageEvent): Item | undefined {
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
  { tools }: StageState,
  item: Item,
  view: View,
  [x, y]: readonly [number, number],
): number {
  if (item.kind === 'bar') {
    const box = tools.places.boxOf(item, view);
    const dx = Math.max(box.x - x, 0, x - box.x - box.width);
    const dy = Math.max(box.y - y, 0, y - box.y - box.height);
    return Math.hypot(dx, dy);
  }
  const { from, to } = tools.places.endsOf(item, view);
  if (item.kind === 'note') return Math.max(0, Math.hypot(x - from.x, y - from.y) - 8);
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const along = ((x - from.x) * (to.x - from.x) + (y - from.y) * (to.y - from.y)) / length ** 2;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(x - from.x - share * (to.x - from.x), y - from.y - share * (to.y - from.y));
}

export const pointerFunctions: readonly string[] = [enableStagePointer, itemUnder, distanceTo].map(
  String,
);
