import type { Item } from './scene.ts';
import type { StageHands, StageState } from './stage.ts';

// The functions of this file run in the page, which gets their text (`keyFunctions`): they use
// nothing from outside but their arguments and each other.

/** Arrows go from item to item, within a lane and between lanes; the rest moves the window. */
export function enableStageKeys(state: StageState, hands: StageHands): void {
  const moves: Readonly<Record<string, string>> = {
    ...{ '+': 'in', '=': 'in', '-': 'out', '0': 'whole', PageUp: 'earlier', PageDown: 'later' },
  };
  state.scroller.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = moves[event.key];
    if (move !== undefined) hands.move(move);
    else if (event.key === 'ArrowLeft') stepAlong(state, hands, -1);
    else if (event.key === 'ArrowRight') stepAlong(state, hands, 1);
    else if (event.key === 'ArrowUp') stepAcross(state, hands, -1);
    else if (event.key === 'ArrowDown') stepAcross(state, hands, 1);
    else return;
    event.preventDefault();
  });
}

/** To the next item of the lane, into what is not in the window yet if need be. */
function stepAlong(state: StageState, hands: StageHands, step: 1 | -1): void {
  const current = state.scene.items.find(({ id }) => id === state.selected);
  if (current === undefined) {
    const middleS = (state.fromS + state.toS) / 2;
    reveal(state, hands, nearest(state.scene.items, middleS));
    return;
  }
  const beyond = (items: readonly Item[]): Item | undefined => {
    const lane = items.filter(({ lane }) => lane === current.lane);
    const at = lane.findIndex(({ id }) => id === current.id);
    return at === -1 ? undefined : lane[at + step];
  };
  const found = beyond(state.scene.items);
  if (found !== undefined) {
    reveal(state, hands, found);
    return;
  }
  const spanS = (state.toS - state.fromS) * 0.6 * step;
  const { startS, endS } = state.source;
  if (step > 0 ? state.toS >= endS : state.fromS <= startS) return;
  hands.show(state.fromS + spanS, state.toS + spanS);
  state.scene = state.source.scene(state.fromS, state.toS);
  const later = state.scene.items.filter(({ fromS }) =>
    step > 0 ? fromS > current.fromS : fromS < current.fromS,
  );
  reveal(state, hands, step > 0 ? later[0] : later.at(-1));
}

/** To what is nearest in time in the next lane that has anything. */
function stepAcross(state: StageState, hands: StageHands, step: 1 | -1): void {
  const { items, lanes } = state.scene;
  const current = items.find(({ id }) => id === state.selected);
  if (current === undefined) {
    stepAlong(state, hands, 1);
    return;
  }
  for (let lane = current.lane + step; lane >= 0 && lane < lanes.length; lane += step) {
    const there = items.filter((item) => item.lane === lane);
    if (there.length > 0) {
      reveal(state, hands, nearest(there, current.fromS));
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
function reveal(state: StageState, hands: StageHands, item: Item | undefined): void {
  if (item === undefined) return;
  hands.select(item);
  const { fromS, toS, view, scroller, tools } = state;
  if (item.fromS < fromS || item.fromS > toS) {
    const half = (toS - fromS) / 2;
    hands.show(item.fromS - half, item.fromS + half);
  }
  if (view === null) return;
  const y = tools.places.middleOf(item.lane, view);
  const { scrollTop, clientHeight } = scroller;
  if (y < scrollTop + view.top || y > scrollTop + clientHeight - view.laneHeight)
    scroller.scrollTop = y - clientHeight / 2;
}

export const keyFunctions: readonly string[] = [
  ...[enableStageKeys, stepAlong, stepAcross, nearest, reveal],
].map(String);
