import { describe, expect, it } from 'vitest';
import { bugOf, goHunting, huntsFor, huntsForNothing, huntsInTheDark, plannerFor } from './hunt.ts';

const hunts = huntsFor(/./);

/**
 * Mistakes of every kind that show in most seeds, whatever else changes: in elections, logs, reads,
 * members, answers, acceptors, proposers, learners, disks and clients. The rest is in `npm run bugs`.
 */
const quick = [
  ...[
    'raft-vote-ignores-log',
    'raft-quorum-half',
    'raft-duplicate-vote-counted',
    'raft-no-prevote',
  ],
  ...['raft-commit-past-match', 'raft-gap-accepted', 'raft-ack-not-durable', 'raft-follower-read'],
  ...['raft-member-direct', 'raft-ack-on-append', 'paxos-wiped-acceptor', 'paxos-flex-disjoint'],
  ...['paxos-gap-skip', 'paxos-leader-local-read', 'paxos-enter-unprepared', 'wal-blank-rejoin'],
  ...['wal-fsync-retry', 'client-retry-new-id', 'client-timeout-as-fail', 'client-reply-mixup'],
];

const ofQuick = quick.map((name) => {
  const hunt = hunts.find(({ bug }) => bug === name);
  if (hunt === undefined) throw new Error(`expected a bug named ${name}, got none`);
  return hunt;
});

describe('hunts', () => {
  it('are laid down for every bug, in words that can be run', async () => {
    for (const hunt of hunts) {
      const plan = (await plannerFor(hunt))(1);
      expect(plan.settings.bug, hunt.bug ?? '').toBe(hunt.bug);
      expect(bugOf(hunt)?.source).not.toBe('');
    }
  });

  it('try the words of several bugs once where nothing is planted', () => {
    const words = ['register', '--rate', '10'];
    const one = { system: 'raft', bug: 'raft-follower-read', words };
    const other = { ...one, bug: 'raft-gap-accepted' };
    expect(huntsForNothing([one, other])).toEqual([{ system: 'raft', bug: null, words }]);
  });

  it.each(ofQuick)('convict $bug within ten seeds', { timeout: 60_000 }, async (hunt) => {
    const bounds = { seeds: 10, seconds: Infinity, sample: 1 };
    const { first, broken } = await goHunting(hunt, bounds);
    expect(first).not.toBeNull();
    expect(first?.command).toContain(`--bug ${hunt.bug ?? ''}`);
    expect(broken).toBe(0);
  });

  it('tell what an invariant saw from what there was to see without any', async () => {
    const hunt = ofQuick.find(({ bug }) => bug === 'raft-quorum-half')!;
    const bounds = { seeds: 10, seconds: Infinity, sample: 1 };
    const bag = await goHunting(hunt, bounds);
    expect(bag.first?.by).toBe('invariant: leader completeness');
    const [blind] = huntsInTheDark([bag]);
    expect((await goHunting(blind!, bounds)).first?.by).toBe('linearizable');
  });

  it.each(huntsForNothing(ofQuick))(
    'convict nobody where nothing is planted: $system $words',
    { timeout: 60_000 },
    async (hunt) => {
      const bounds = { seeds: 1, seconds: Infinity, sample: Infinity };
      const { invalid, broken, first } = await goHunting(hunt, bounds);
      expect(first?.reason).toBeUndefined();
      expect([invalid, broken]).toEqual([0, 0]);
    },
  );
});
