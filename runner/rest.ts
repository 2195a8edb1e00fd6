import { type Cluster, isRestable } from '../core/cluster.ts';
import type { Sighting } from '../core/nemesis.ts';
import { type Observer, leaderOf } from './observer.ts';
import { outsideOf } from './outside.ts';
import type { Test } from './test.ts';

const restDeadlineMs = 20_000;
const lookEveryMs = 50;

/**
 * Waits, in a world that can compare the nodes' states, until all members have applied what the leader
 * has committed; then they are compared. Resolves with what kept them from it.
 */
export async function untilAtRest(
  test: Test,
  cluster: Cluster,
  observer: Observer,
): Promise<string | null> {
  if (!isRestable(cluster)) return null;
  const { clock } = test;
  // A node whose disk was spoilt may never catch up.
  const needsAll = outsideOf(test).length === 0;
  const deadlineNs = clock.nowNs() + restDeadlineMs * 1e6;
  for (;;) {
    const sighting = await observer.look();
    const behind = behindIn(sighting);
    if (behind.length === 0 || !needsAll) break;
    if (clock.nowNs() > deadlineNs) {
      return `${restDeadlineMs / 1000} s after the last operation replicas had not caught up: ${behind.join('; ')}`;
    }
    await clock.sleep(lookEveryMs);
  }
  cluster.atRest();
  return null;
}

/** What each member that lags says; nodes that are no members may lag for good. */
function behindIn(sighting: Sighting): string[] {
  const { statuses } = sighting;
  const leader = statuses[leaderOf(sighting) ?? ''];
  if (leader === undefined || leader === null) return ['nobody leads'];
  const members = new Set(leader.members ?? Object.keys(statuses));
  return Object.entries(statuses).flatMap(([id, status]) => {
    if (!members.has(id) || status?.appliedIndex === leader.commitIndex) return [];
    return [`${id} has applied ${status?.appliedIndex ?? 'nothing'} of ${leader.commitIndex}`];
  });
}
