import { wordsOf } from '../../../core/bug.ts';
import type { ReplicaBug } from '../../bug.ts';
import { around } from './around.ts';

/** What can go wrong when a snapshot takes the place of the state. */
export const snapshotBugs: readonly ReplicaBug[] = [
  {
    name: 'raft-snapshot-merges',
    summary: 'A snapshot from the leader is merged into the state and does not replace it.',
    source: 'jgroups-extras/jgroups-raft#301',
    anomaly: 'a deleted key is back',
    hunt: wordsOf(
      'kv -n 3 --rate 100 --time 10s --set snapshotEntries=10 --set keepEntries=1 --nemesis partition:isolate-one,pause --nemesis-interval 1s',
    ),
    plant: (consensus) =>
      around(consensus, ({ machine: before }) => ({ state: { machine } }) => {
        if (machine === before) return;
        for (const [key, value] of before.values) {
          if (!machine.values.has(key)) machine.values.set(key, value);
        }
      }),
  },
];
