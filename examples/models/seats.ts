import { defineModel } from 'dtest';

/** The seats that are free, in order. */
type Free = readonly number[];

/**
 * A box office: `book` returns the number of some free seat, or null when all are taken; `cancel` gives a
 * seat back; `left` returns how many are free. `--init 40` opens a house of forty seats.
 */
export default defineModel<Free>({
  name: 'seats',
  summary: 'seats that are booked one at a time, no two times the same',
  operations: ['book', 'cancel', 'left'],
  init: [1, 2, 3],
  initFrom: (count) => Array.from({ length: Number(count) }, (_, at) => at + 1),

  step(free, { op, input, output, phase }) {
    if (op === 'left') return phase === 'info' || output === free.length ? [free] : [];
    if (op === 'cancel') {
      const seat = Number(input);
      return [free.includes(seat) ? free : [...free, seat].sort((one, other) => one - other)];
    }
    // Nobody saw which seat a crashed booking got, so it may have been any.
    if (phase === 'info')
      return free.length === 0 ? [free] : free.map((seat) => without(free, seat));
    if (output === null) return free.length === 0 ? [free] : [];
    return free.includes(Number(output)) ? [without(free, Number(output))] : [];
  },

  // Not needed, but fewer orders have to be tried with it.
  readOnly: ({ op }) => op === 'left',
});

function without(free: Free, seat: number): Free {
  return free.filter((each) => each !== seat);
}
