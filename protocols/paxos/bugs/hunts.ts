import { wordsOf } from '../../../core/bug.ts';

/** Ways to look for a bug, as words of `dtest run`, that serve more than one. */

/** Leaders are lost again and again, and one entry is in a message. */
export const lostLeaders = wordsOf(
  'register -n 3 --rate 100 --time 10s --set maxBatch=1 --nemesis partition:isolate-leader,kill:leader,pause:leader --nemesis-interval 1s',
);

/** Time-outs near the delays of the links, so that leaders are suspected all the time. */
export const suspectedLeaders = wordsOf(
  'register -n 3 --rate 100 --time 10s --set maxBatch=1 --set heartbeatMs=20 --set electionMs=100 --nemesis partition,kill,pause,flaky --nemesis-interval 300ms',
);

/** The same among five, on links that lose much and are slow, so that answers come when they count no more. */
export const lateAnswers = wordsOf(
  'register -n 5 --rate 100 --time 10s --set maxBatch=1 --set heartbeatMs=20 --set electionMs=60 --nemesis partition:isolate-leader,flaky:slow,flaky:loss --nemesis-interval 200ms',
);

/** Time-outs near the delays of the links, and power fails while disks are slow, so that much is said and not yet written. */
export const slowDisks = wordsOf(
  'register -n 3 --rate 100 --time 10s --set maxBatch=1 --set heartbeatMs=20 --set electionMs=100 --nemesis partition:isolate-leader,disk:slow,flaky,power:after-sending --nemesis-interval 300ms',
);

/** Logs are so short that who was away has to do with a snapshot. */
export const compactedLogs = wordsOf(
  'register -n 3 --rate 100 --time 10s --set maxBatch=1 --set snapshotEntries=10 --set heartbeatMs=20 --set electionMs=100 --nemesis partition,kill,pause --nemesis-interval 500ms',
);

/** A leader that is cut off goes on talking to the clients on its side. */
export const lonelyLeaders = wordsOf(
  'register -n 3 --rate 100 --time 10s --nemesis partition:isolate-leader --nemesis-interval 2s',
);

/** So many clients that some are free to read from a leader while others wait for their writes. */
const readers =
  'register -n 3 -c 60 --rate 200 --time 10s --timeout 500ms --read-ratio 0.7 --reads lease --set electionMs=100';

/** A leader by lease hears late and is no longer heard. */
export const laggards = wordsOf(
  `${readers} --set heartbeatMs=20 --nemesis flaky:lag --nemesis-interval 1s`,
);

/** Whoever hears no leader asks one who does hear it. */
export const goBetweens = wordsOf(
  `${readers} --set heartbeatMs=50 --nemesis partition:bridge --nemesis-interval 500ms`,
);

/** Leaders are lost one upon the other, with many slots open, so that old values are about. */
export const shortReigns = wordsOf(
  'register -n 5 -c 60 --rate 200 --read-ratio 0.3 --time 10s --set pipeline=100 --set heartbeatMs=20 --set electionMs=100 --nemesis partition:isolate-leader,kill:leader,pause:leader --nemesis-interval 300ms',
);

/** Long quiet faults, in which a cluster has every reason to go on. */
export const duels = wordsOf(
  'register -n 3 --rate 20 --time 30s --mode liveness --nemesis partition,kill --nemesis-interval 10s',
);

/** Those that were without power lag, and what they lack is told an entry a message over slow links. */
export const longTails = wordsOf(
  'register -n 5 --rate 20 --time 15s --set electionMs=150 --set maxBatch=1 --set pipeline=1 --nemesis power:minority,power:all,power:after-syncing --nemesis-interval 2500ms',
);
