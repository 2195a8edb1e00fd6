import { wordsOf } from '../../../core/bug.ts';

/** Ways to look for a bug, as words of `dtest run`, that serve more than one. */

/** Leaders are lost again and again, with something new in their logs. */
export const lostLeaders = wordsOf(
  'register -n 3 --rate 100 --time 10s --nemesis partition:isolate-leader,kill:leader --nemesis-interval 1s',
);

/** Candidates get in each other's way: elections at once, over links that are slow at times. */
export const crowdedElections = wordsOf(
  'register -n 3 --rate 50 --time 10s --set electionMs=100 --set electionSpreadMs=20 --set preVote=off --nemesis partition:isolate-leader,flaky,power --nemesis-interval 500ms',
);

/** A leader that is cut off goes on talking to the clients on its side. */
export const lonelyLeaders = wordsOf(
  'register -n 3 --rate 100 --time 10s --nemesis partition:isolate-leader --nemesis-interval 2s',
);

/** One entry a message: what large batches carry past each other in one go has to come in turn. */
export const smallBatches = wordsOf(
  'register -n 3 --rate 200 --time 10s --set maxBatch=1 --nemesis partition,kill:leader,flaky --nemesis-interval 1s',
);

/** Power fails while disks are slow, so that much is said and not yet written. */
export const slowDisks = wordsOf(
  'register -n 3 --rate 100 --time 10s --nemesis disk:slow,power --nemesis-interval 1s',
);
