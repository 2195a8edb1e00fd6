import { describe, expect, it } from 'vitest';
import { systems } from '../systems/index.ts';
import { bugNamed } from './bug.ts';

const raft = systems.raft!;

describe('a bug', () => {
  it('is found by its name, and without the first word of it where that leaves no doubt', () => {
    expect(bugNamed(raft, 'raft-follower-read').name).toBe('raft-follower-read');
    expect(bugNamed(raft, 'follower-read').name).toBe('raft-follower-read');
  });

  it.each([
    ['raft-follower-reads', 'did you mean raft-follower-read?'],
    ['stale-read-from-follower', 'did you mean raft-stale-leader-read or raft-follower-read?'],
    ['paxos-own-value', 'a bug of paxos: add --system paxos'],
    ['wrong', '`dtest list bugs`'],
  ])('that is none is refused, with what may be meant: %s', (text, hint) => {
    expect(() => bugNamed(raft, text)).toThrow(hint);
  });
});
