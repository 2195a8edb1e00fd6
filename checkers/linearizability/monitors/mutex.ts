import type { Model } from '../../models/model.ts';
import { viewsAs } from '../../models/view.ts';
import type { Decider } from '../decider.ts';
import type { Operations } from '../operations.ts';
import { createEarliest } from './earliest.ts';
import { firstImpossible } from './sweep.ts';

/**
 * Decides a lock that anyone may release, in O(n log n) however many operations overlap or crashed;
 * null when the operations are not of that kind.
 *
 * Acquisitions and releases take turns, so any linearization of the first k operations has the same
 * kinds in the same places; only who takes which place is open. Of two open operations of a kind, the
 * one that returns first can always come first: if a linearization has them the other way round, both
 * are open at both places, so let them change places, or let the one come in place of the other if that
 * did not happen. And no operation need take effect before a return wants it: in any linearization let
 * the k-th operation wait for the first return of an operation that has not taken effect, or that of
 * the k-th itself if it comes sooner; then no operation is called later or returns sooner than it
 * waits, and the order is the same. So it suffices to let operations take effect, in turns and of each
 * kind the one that returns first, whenever one returns that has not, until it has. Crashed operations
 * return last of all and need not happen, so they are used when nothing else is left.
 *
 * What has been done when some operation returns depends on nothing that comes later, so the operation
 * at which this fails is the first whose return cannot be passed.
 */
export function createMutexMonitor(model: Model, operations: Operations): Decider | null {
  const views = viewsAs(model, 'mutex', operations);
  if (views === null) return null;
  let steps = 0;
  let stuck: number | null = null;
  return {
    name: 'mutex',
    steps: () => steps,
    stuck: () => stuck,
    run() {
      steps = operations.length;
      const isAcquisition = (at: number): boolean => views[at]?.kind === 'acquire';
      stuck = firstWrong(operations, isAcquisition, model.init === true);
      return stuck === null ? 'valid' : 'invalid';
    },
  };
}

function firstWrong(
  operations: Operations,
  isAcquisition: (at: number) => boolean,
  init: boolean,
): number | null {
  const returnOf = (at: number): number => operations.returns[at] ?? Infinity;
  const acquisitions = createEarliest(returnOf);
  const releases = createEarliest(returnOf);
  const isDone = new Uint8Array(operations.length);
  let held = init;
  return firstImpossible(operations, {
    called: (at) => (isAcquisition(at) ? acquisitions : releases).add(at),
    returned(at) {
      while (isDone[at] === 0) {
        const next = (held ? releases : acquisitions).take();
        if (next === -1) return false;
        isDone[next] = 1;
        held = !held;
      }
      return true;
    },
  });
}
