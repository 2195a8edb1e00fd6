import type { Model, ModelOperation } from '../../models/model.ts';
import { type Frontier, createFrontier } from './breadth-first.ts';
import { doneField, hasBit, setBit, stateField, strideOf, usedField } from './configuration.ts';
import { type Crashed, createCrashed } from './crashed.ts';
import { type Ground, createGround } from './ground.ts';
import { type Window, createWindow } from './window.ts';

/**
 * Breadth first over a history that is still being written: operations come in one by one, in order, each
 * with its outcome known. What it holds grows with what is open, with the states that are possible and
 * with the crashed operations, not with the history.
 */
export interface LiveSearch {
  /** Operations that are open. */
  open(): number;
  bytes(): number;
  /** An operation that will return; gives the slot to name it by. */
  call(operation: ModelOperation): number;
  /** An operation that may happen at any time from now on. */
  crash(operation: ModelOperation): void;
  /**
   * Passes the return of an operation. `impossible` when no order explains it, with `statesBefore`
   * saying what was possible until then; null when that takes more than so many steps, and then
   * nothing more can be asked.
   */
  finish(slot: number, maxSteps: number): Passage;
  /** Steps that the last passage took. */
  steps(): number;
  statesBefore(): readonly unknown[];
  /** All that is known, as plain data, to go on from later. */
  save(): Saved;
}

export type Passage = 'passed' | 'impossible' | null;

/** What may have happened so far, without anything that only speeds up the search. */
export interface Saved {
  readonly configurations: readonly SavedConfiguration[];
  readonly open: readonly { readonly slot: number; readonly operation: ModelOperation }[];
  readonly crashed: readonly { readonly operation: ModelOperation; readonly count: number }[];
}

interface SavedConfiguration {
  readonly state: unknown;
  /** Places in `Saved.crashed`, as often as used. */
  readonly used: readonly number[];
  readonly done: readonly number[];
  readonly droppable: readonly number[];
}

/** Beside so many, and so many times as many as are in use, states and operations are forgotten. */
const fewKnown = 512;
const timesInUse = 8;

export function savedStart(model: Model): Saved {
  const first = { state: model.init, used: [], done: [], droppable: [] };
  return { configurations: [first], open: [], crashed: [] };
}

export function createLiveSearch(model: Model, start: Saved): LiveSearch {
  let desk = setUp(model, start, wordsForOpen(start));
  let order = start.open.length;
  let steps = 0;

  const renew = (words: number): void => {
    desk = setUp(model, save(desk), words);
    order = desk.window.open;
  };
  return {
    open: () => desk.window.open,
    bytes: () =>
      desk.frontier.bytes() + desk.ground.usedSets.bytes() + desk.ground.transitions.bytes(),
    steps: () => steps,
    call(operation) {
      let slot = freeSlotOf(desk.window);
      if (slot < 0) {
        slot = 32 * desk.window.words;
        renew(desk.window.words + 1);
      }
      desk.window.enter(slot, desk.ground.classes.classOf(operation), order++);
      return slot;
    },
    crash: (operation) => desk.crashed.add(desk.ground.classes.classOf(operation)),
    finish(slot, maxSteps) {
      const { frontier, ground, window } = desk;
      const before = ground.work.steps;
      frontier.begin(slot);
      const isPassed = frontier.advance(before + maxSteps);
      steps = ground.work.steps - before;
      if (!isPassed) return null;
      if (frontier.count() === 0) return 'impossible';
      window.leave(slot);
      if (isCluttered(desk)) renew(window.words);
      return 'passed';
    },
    statesBefore: () => {
      const { frontier, ground } = desk;
      const numbers = new Set(frontier.statesBefore());
      return [...numbers].map((each) => ground.transitions.stateAt(each));
    },
    save: () => save(desk),
  };
}

/** All that a frontier works with. */
interface Desk {
  readonly ground: Ground;
  readonly window: Window;
  readonly crashed: Crashed;
  readonly frontier: Frontier;
}

function setUp(model: Model, saved: Saved, words: number): Desk {
  const ground = createGround(model);
  const { classes, transitions, usedSets } = ground;
  const window = createWindow(classes, transitions, words);
  const crashed = createCrashed(classes, transitions, usedSets);
  for (const [order, { slot, operation }] of saved.open.entries()) {
    window.enter(slot, classes.classOf(operation), order);
  }
  for (const { operation, count } of saved.crashed) {
    const operationClass = classes.classOf(operation);
    for (let each = 0; each < count; each++) crashed.add(operationClass);
  }
  const rows = saved.configurations.map(({ state, used, done, droppable }) => {
    const row = new Int32Array(strideOf(words));
    row[stateField] = transitions.numberOf(state);
    row[usedField] = used.reduce((set, each) => usedSets.plus(set, each), usedSets.none);
    for (const slot of done) setBit(row, doneField, slot);
    for (const slot of droppable) setBit(row, doneField + words, slot);
    return row;
  });
  return { ground, window, crashed, frontier: createFrontier(ground, window, crashed, rows) };
}

/**
 * What every configuration has used of the crashed operations is gone for good, and need not be told
 * apart from what never was.
 */
function save({ ground, window, crashed, frontier }: Desk): Saved {
  const { classes, transitions, usedSets } = ground;
  const stride = strideOf(window.words);
  const open = Array.from(window.slots.subarray(0, window.open), (slot) => {
    return { slot, operation: classes.exampleOf(window.classAt[slot] as number) };
  });
  const rows = frontier.rows();
  const starts = frontier.live().map((index) => index * stride);
  const usedIn = (at: number): number => rows[at + usedField] as number;
  const gone = Array.from({ length: crashed.count() }, (_, each) =>
    Math.min(...starts.map((at) => usedSets.countOf(usedIn(at), each))),
  );
  const left = gone.map((count, each) => crashed.available(each) - count);
  const places = left.map((_, each) => left.slice(0, each).filter((count) => count > 0).length);
  const slotsWith = (from: number): number[] =>
    open.map(({ slot }) => slot).filter((slot) => hasBit(rows, from, slot));
  return {
    open,
    crashed: [...left.entries()]
      .filter(([, count]) => count > 0)
      .map(([each, count]) => {
        return { operation: classes.exampleOf(crashed.classAt(each)), count };
      }),
    configurations: starts.map((at) => ({
      state: transitions.stateAt(rows[at + stateField] as number),
      used: withoutGone(usedSets.membersOf(usedIn(at)), gone).map((each) => places[each] as number),
      done: slotsWith(at + doneField),
      droppable: slotsWith(at + doneField + window.words),
    })),
  };
}

function withoutGone(members: Int32Array, gone: readonly number[]): number[] {
  const seen = new Map<number, number>();
  return [...members].filter((each) => {
    const count = seen.get(each) ?? 0;
    seen.set(each, count + 1);
    return count >= (gone[each] ?? 0);
  });
}

function isCluttered({ ground, window, crashed, frontier }: Desk): boolean {
  const known = ground.transitions.states() + ground.classes.count() + ground.usedSets.count();
  const inUse = frontier.count() + window.open + crashed.count();
  return known > fewKnown + timesInUse * inUse;
}

function freeSlotOf(window: Window): number {
  for (let word = 0; word < window.words; word++) {
    const taken =
      (window.reads[word] as number) |
      (window.blinds[word] as number) |
      (window.updates[word] as number);
    if (taken !== -1) return 32 * word + 31 - Math.clz32(~taken & (taken + 1));
  }
  return -1;
}

function wordsForOpen({ open }: Saved): number {
  return Math.max(1, ...open.map(({ slot }) => (slot >> 5) + 1));
}
