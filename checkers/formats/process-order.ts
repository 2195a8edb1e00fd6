import type { OpEvent } from '../../core/event.ts';
import { BadInput, type Whereabouts } from './bad-input.ts';

/** What must be known of an event to tell whether its process can be at it. */
export type Step = Pick<OpEvent, 'process' | 'phase' | 'op'>;

/** Throws `BadInput` when a process begins while it is busy, or ends what it has not begun. */
export type ProcessOrder = (step: Step, where: Whereabouts) => void;

/** Takes the events of a history in turn. A process does one thing at a time, and ends what it began. */
export function createProcessOrder(): ProcessOrder {
  const open = new Map<number, string>();
  return ({ process, phase, op }, where) => {
    const begun = open.get(process);
    if (phase === 'invoke') {
      if (begun !== undefined) {
        throw new BadInput(where, `the completion of what process ${process} does`, `invoke ${op}`);
      }
      open.set(process, op);
      return;
    }
    if (begun === undefined) {
      throw new BadInput(where, `an invocation by process ${process} first`, `${phase} ${op}`);
    }
    if (begun !== op) {
      throw new BadInput(
        where,
        `the end of the ${begun} that process ${process} began`,
        `${phase} ${op}`,
      );
    }
    open.delete(process);
  };
}
