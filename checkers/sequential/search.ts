import { type Configuration, nameOf } from './configuration.ts';
import { type PlacedOperation, createOrder } from './order.ts';
import type { Program } from './program.ts';

/** Looks for one order of a whole program. It can be interrupted, and goes on where it was. */
export interface OrderSearch {
  /** Goes on until an answer or until so many more steps are done; `unknown` means that it may go on. */
  run(steps: number): 'found' | 'none' | 'unknown';
  steps(): number;
  /** About what the configurations that were seen take. */
  bytes(): number;
  /** The longest order that was reached, with the state of the part after each operation. */
  longest(): readonly PlacedOperation[];
  describe(state: number): string;
}

interface Frame {
  readonly configuration: Configuration;
  readonly moves: readonly number[];
  next: number;
  /** The length of the order that led here. */
  readonly length: number;
}

/**
 * Depth first over configurations, none of them twice. Deciding whether such an order exists is
 * NP-complete (Gibbons and Korach, "Testing shared memories", 1997), so the number of configurations can
 * be as large as the product of the lengths of the sessions. Two kinds of operations never branch:
 *
 * - The next operation of a session, if it leaves every state as it is and is possible now. Take any
 *   order of the rest and move this operation to its front: no other one meets another state, its
 *   session has nothing before it, and it is possible there. So no order is lost by taking it now.
 * - The next operation of a session on a part that nobody else has anything left to do with. Operations
 *   on other parts do not notice when it happens, and those on this part are in the session's order.
 *
 * With `lookAhead` an order ends where `WantedValues` sees that nothing can come of it; without, it goes
 * on for as long as it can, which is what a person wants to see.
 */
export function searchForOrder(program: Program, { lookAhead = true } = {}): OrderSearch {
  const order = createOrder(program, lookAhead);
  const seen = new Set<string>();
  const frames: Frame[] = [];
  let steps = 0;
  let begun = false;

  return {
    run(more) {
      if (!begun) {
        begun = true;
        if (order.settle(order.initial) && isEnd(order.initial)) return 'found';
      }
      for (const last = steps + more; ; steps++) {
        const frame = frames.at(-1);
        order.unwindTo(frame?.length ?? 0);
        if (frame === undefined) return 'none';
        if (steps >= last) return 'unknown';
        const [operation, state] = [frame.moves[frame.next++], frame.moves[frame.next++]];
        if (operation === undefined || state === undefined) {
          frames.pop();
          continue;
        }
        const configuration = frame.configuration.slice();
        const goesOn = order.take(configuration, operation, state) && order.settle(configuration);
        if (goesOn && isEnd(configuration)) return 'found';
      }
    },
    steps: () => steps,
    bytes: () => seen.size * (64 + 8 * order.initial.length),
    longest: () => order.longest(),
    describe: (state) => order.describe(state),
  };

  /** True when nothing is left to come; else remembers to go on from here, unless that was done. */
  function isEnd(configuration: Configuration): boolean {
    if (order.isComplete()) return true;
    const name = nameOf(configuration);
    if (seen.has(name)) return false;
    seen.add(name);
    const moves = order.movesFrom(configuration);
    frames.push({ configuration, moves, next: 0, length: order.length() });
    return false;
  }
}
