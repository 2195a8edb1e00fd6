import { type Frontier, createFrontier } from './breadth-first.ts';
import { wordsFor } from './configuration.ts';
import { createCrashed } from './crashed.ts';
import { createCursor } from './cursor.ts';
import { type Dive, type Seat, createDive } from './depth-first.ts';
import type { Ground } from './ground.ts';
import type { Timeline } from './timeline.ts';
import { createWindow } from './window.ts';

/** `both` in turns, or one of them alone, for comparing. */
export type Way = 'both' | 'breadth' | 'depth';

export type Answer = 'valid' | 'invalid' | null;

export interface Turns {
  /** The most returns that were passed. */
  farthest(): number;
  /** Whether neither can go on within the memory. */
  isFull(): boolean;
  /** Goes on until the answer is known, the memory is full, or the ground has seen so many steps. */
  run(maxSteps: number): Answer;
}

export interface TurnsOptions {
  readonly way: Way;
  readonly maxBytes: number;
}

const stepsOfTurn = 2000;
/** What breadth first may use before it has to share: so much for each return, saved up to a bound. */
const stepsOfLevel = 40;
const mostSavedSteps = 2000;

/**
 * Lets breadth first and depth first work in turns over the same ground. Breadth first has the floor
 * alone for as long as it needs few steps for each return. When it does not, depth first starts from
 * its frontier, and both get the same number of steps until one has the answer. A turn has the same
 * length whatever pieces the work comes in, so the answer and the steps do not depend on them.
 */
export function createTurns(ground: Ground, timeline: Timeline, options: TurnsOptions): Turns {
  const { work, transitions, usedSets } = ground;
  const { way, maxBytes } = options;
  const wide = createWide(ground, timeline);
  let dive: Dive | null = null;
  /** Where the last dive began that filled its memory. It is not tried from there again. */
  let fullAt = -1;
  let isWideFull = false;
  let saved = mostSavedSteps;
  let isDiving = way === 'depth';

  /** The turn under way: where the steps and breadth first were when it began. */
  let turnBegan = 0;
  let levelBegan = 0;
  let isFull = false;

  const canDive = (): boolean => way !== 'breadth' && wide.level > fullAt;
  const canWiden = (): boolean => way !== 'depth' && !isWideFull;
  const beginTurn = (): void => {
    isDiving = canDive() && (way === 'depth' || !canWiden() || (saved < 0 && !isDiving));
    turnBegan = work.steps;
    levelBegan = wide.level;
    if (!isDiving || (dive !== null && dive.farthest() >= wide.level)) return;
    dive = createDiveFrom(ground, timeline, wide);
  };
  const endTurn = (): void => {
    if (isDiving && dive !== null && 2 * dive.bytes() > maxBytes) {
      fullAt = wide.level;
      dive = null;
    }
    if (2 * wide.frontier.bytes() > maxBytes) isWideFull = true;
    isFull = transitions.bytes() + usedSets.bytes() > maxBytes || (!canDive() && !canWiden());
    if (isDiving) return;
    saved += stepsOfLevel * (wide.level - levelBegan) - (work.steps - turnBegan);
    saved = Math.min(saved, mostSavedSteps);
  };
  const workOn = (maxSteps: number): Answer =>
    isDiving && dive !== null ? dive.run(maxSteps) : wide.run(maxSteps);

  beginTurn();
  return {
    farthest: () => Math.max(wide.level, dive?.farthest() ?? 0),
    isFull: () => isFull,
    run(maxSteps) {
      while (work.steps < maxSteps && !isFull) {
        const answer = workOn(Math.min(maxSteps, turnBegan + stepsOfTurn));
        if (answer !== null) return answer;
        if (work.steps < turnBegan + stepsOfTurn) continue;
        endTurn();
        beginTurn();
      }
      return null;
    },
  };
}

/** Breadth first over a timeline. */
interface Wide {
  readonly frontier: Frontier;
  /** Returns passed. */
  readonly level: number;
  run(maxSteps: number): Answer;
}

function createWide(ground: Ground, timeline: Timeline): Wide {
  const { window, crashed, cursor } = seatOf(ground, timeline);
  const frontier = createFrontier(ground, window, crashed);
  let isUnderWay = false;
  const self = {
    frontier,
    level: 0,
    run(maxSteps: number): Answer {
      while (self.level < timeline.levels) {
        if (ground.work.steps >= maxSteps) return null;
        if (!isUnderWay) {
          cursor.moveTo(self.level);
          const returning = timeline.returning[self.level] as number;
          frontier.begin(timeline.slotOf[returning] as number);
        }
        isUnderWay = !frontier.advance(maxSteps);
        if (isUnderWay) return null;
        if (frontier.count() === 0) return 'invalid';
        self.level++;
      }
      return 'valid';
    },
  };
  return self;
}

function createDiveFrom(ground: Ground, timeline: Timeline, { frontier, level }: Wide): Dive {
  const dive = createDive(ground, seatOf(ground, timeline));
  dive.start(level, frontier.rows(), frontier.live());
  return dive;
}

function seatOf(ground: Ground, timeline: Timeline): Seat {
  const { classes, transitions, usedSets } = ground;
  const window = createWindow(classes, transitions, wordsFor(timeline.slots));
  const crashed = createCrashed(classes, transitions, usedSets);
  return { window, crashed, cursor: createCursor(timeline, window, crashed) };
}
