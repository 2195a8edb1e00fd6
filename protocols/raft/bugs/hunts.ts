import { wordsOf } from '../../../core/bug.ts';

/** Ways to look for a bug, as words of `dtest run`, that serve more than one. */

/** Leaders are lost again and again, with something new in their logs. */
export const lostLeaders = wordsOf(
  'register -n 3 --rate 100 --time 10s --nemesis partition:isolate-leader,kill:leader --nemesis-interval 1s',
);

/** Candidates get in each other's way: elections at once, over links that are slow at times. */
const crowded = '--set electionMs=100 --set electionSpreadMs=20 --set preVote=off';

export const crowdedElections = wordsOf(
  `register -n 3 --rate 50 --time 10s ${crowded} --nemesis partition:isolate-leader,flaky:slow,power --nemesis-interval 300ms`,
);

/** The same with five nodes, so that three may vote twice, and messages that come twice. */
export const doubledVotes = wordsOf(
  `register -n 5 --rate 50 --time 10s ${crowded} --nemesis partition:isolate-leader,flaky:duplication,kill:leader --nemesis-interval 300ms`,
);

/** Few words and many elections, and power fails when a vote is given and not yet on the disk. */
export const hastyVotes = wordsOf(
  'register -n 3 -c 3 --rate 10 --time 10s --set electionMs=60 --set electionSpreadMs=60 --set preVote=off --set checkQuorum=off --nemesis power:after-sending,flaky:loss --nemesis-interval 500ms',
);

/** A leader that is cut off goes on talking to the clients on its side. */
export const lonelyLeaders = wordsOf(
  'register -n 3 --rate 100 --time 10s --nemesis partition:isolate-leader --nemesis-interval 2s',
);

/** Members come and go around one alone, whose disk may be full when it votes for itself. */
export const lonelyVoters = wordsOf(
  'register -n 3 --rate 20 --time 10s --set members=n2 --set electionMs=100 --set electionSpreadMs=20 --set heartbeatMs=20 --set preVote=off --nemesis membership:one,membership:leader,disk:full --nemesis-interval 150ms',
);

/** An even number of nodes, cut in two again and again. */
export const evenHalves = wordsOf(
  'register -n 4 -c 20 --rate 200 --time 10s --nemesis partition:majority,partition:bridge --nemesis-interval 700ms',
);

/**
 * A leader hears late and is no longer heard. So many clients that some are free to read from it while
 * others wait for their writes, and give up soon.
 */
export const laggards = wordsOf(
  'register -n 3 -c 60 --rate 200 --time 10s --timeout 500ms --read-ratio 0.7 --set electionMs=100 --set electionSpreadMs=20 --set heartbeatMs=20 --set preVote=off --nemesis flaky:lag --nemesis-interval 1s',
);

/** One entry a message: what large batches carry past each other in one go has to come in turn. */
export const smallBatches = wordsOf(
  'register -n 3 --rate 200 --time 10s --set maxBatch=1 --nemesis partition,kill:leader,flaky --nemesis-interval 1s',
);

/** Leaders change before they have told anybody much, and what they had comes one by one. */
export const restlessLeaders = wordsOf(
  'register -n 3 --rate 300 --time 10s --set maxBatch=1 --set maxInflight=1 --set heartbeatMs=20 --set electionMs=60 --set electionSpreadMs=60 --set preVote=off --set checkQuorum=off --nemesis partition:isolate-leader,partition:isolate-one,kill:leader --nemesis-interval 200ms',
);

/** Power fails when a node has said something that is not yet on its disk. */
export const hastyWords = wordsOf(
  'register -n 3 --rate 100 --time 10s --nemesis disk:slow,power:after-sending,partition:isolate-one --nemesis-interval 500ms',
);
