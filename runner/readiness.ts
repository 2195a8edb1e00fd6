import type { Cluster } from '../core/cluster.ts';
import type { Sighting } from '../core/nemesis.ts';
import { type Observer, isSettled, isSettledByMajority, observe } from './observer.ts';
import { outsideOf } from './outside.ts';
import type { Recorder } from './recorder.ts';
import type { Test, Watcher } from './test.ts';

const readyDeadlineMs = 60_000;
const recoveryDeadlineMs = 30_000;
const lookEveryMs = 50;

/**
 * Waits after the start until every node answers and all follow one leader. Rejects when a node has
 * ended, when the user no longer wants to wait, and at the deadline.
 */
export async function untilReady(
  { system, clock }: Pick<Test, 'system' | 'clock'>,
  cluster: Cluster,
  { signal }: Watcher,
): Promise<void> {
  const startNs = clock.nowNs();
  const nowNs = (): number => clock.nowNs() - startNs;
  await using observer = observe({ cluster, system, clock, nowNs, intervalMs: lookEveryMs });
  for (;;) {
    const sighting = await observer.look();
    if (signal?.aborted === true) {
      throw new Error('ended by the user before clients began; there is nothing to judge');
    }
    if (isSettled(sighting)) return;
    await refuseDead(cluster, sighting);
    if (nowNs() > readyDeadlineMs * 1e6) {
      const seconds = readyDeadlineMs / 1000;
      throw new Error(
        `expected every node to follow one leader within ${seconds} s of the start, got: ${saidBy(sighting)}`,
      );
    }
    await clock.sleep(lookEveryMs);
  }
}

/**
 * Waits until every node answers and all follow one leader. Established connections resume only at
 * their next retransmission, so this can take as long again as the longest partition lasted.
 */
export async function untilRecovered(
  test: Test,
  recorder: Recorder,
  observer: Observer,
): Promise<string | null> {
  const { clock } = test;
  const deadlineNs = recorder.nowNs() + recoveryDeadlineMs * 1e6;
  // A node whose disk was spoilt does right not to come back.
  const isBack = outsideOf(test).length > 0 ? isSettledByMajority : isSettled;
  for (;;) {
    const sighting = await observer.look();
    if (isBack(sighting)) return null;
    if (recorder.nowNs() > deadlineNs) {
      const seconds = recoveryDeadlineMs / 1000;
      return `${seconds} s after everything was healed the nodes still followed no common leader (${saidBy(sighting)})`;
    }
    await clock.sleep(lookEveryMs);
  }
}

/** A node that ends before anything was asked of it will not come back; its last words say why. */
async function refuseDead(cluster: Cluster, { statuses }: Sighting): Promise<void> {
  for (const node of cluster.nodes.filter(({ id }) => statuses[id] === null)) {
    if (await node.isRunning()) continue;
    const words = (await node.logs()).trimEnd().split('\n').at(-1) ?? '';
    throw new Error(`expected ${node.id} to run, but it ended; its log ends with: ${words}`);
  }
}

function saidBy(sighting: Sighting): string {
  return Object.entries(sighting.statuses)
    .map(([id, status]) => {
      if (status === null) return `${id}: no answer`;
      return `${id}: ${status.role}, term ${status.term}, follows ${status.leader ?? 'nobody'}`;
    })
    .join('; ');
}
