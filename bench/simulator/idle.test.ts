import { describe, expect, it } from 'vitest';
import { idle } from './idle.ts';

/** Of every system: the bundled ones send heartbeats each 50 ms unless told otherwise. */
const roundsPerSecond = 20;

describe('an idle cluster', () => {
  it.each([
    ['raft', 3],
    ['raft', 5],
    ['raft', 7],
    ['paxos', 5],
  ])('of %s with %d nodes costs its heartbeats, and hardly more', async (system, nodes) => {
    const { eventsPerVirtualSecond } = await idle(system, nodes, 20);
    const thereAndBack = 2 * (nodes - 1) * roundsPerSecond;
    // The leader's timer, and now and then a follower's that was put off.
    const timers = roundsPerSecond + 5 * nodes;
    expect(eventsPerVirtualSecond).toBeLessThanOrEqual(thereAndBack + timers);
  });

  it('of one node costs nothing', async () => {
    expect((await idle('raft', 1, 20)).eventsPerVirtualSecond).toBeLessThan(1);
  });
});
