import { describe, expect, it } from 'vitest';
import { describeRemoval, isForsaken } from './clean.ts';

describe('a cluster is forsaken', () => {
  const isAlive = (owner: string) => owner === 'alive';
  it.each([
    { owner: 'dead', keep: false, includeKept: false, forsaken: true },
    { owner: 'alive', keep: false, includeKept: false, forsaken: false },
    { owner: 'alive', keep: false, includeKept: true, forsaken: false },
    { owner: 'dead', keep: true, includeKept: false, forsaken: false },
    { owner: 'dead', keep: true, includeKept: true, forsaken: true },
    { owner: 'alive', keep: true, includeKept: true, forsaken: false },
  ])('$forsaken for $owner owner, kept $keep, kept included $includeKept', (row) => {
    const { owner, keep, includeKept } = row;
    const mark = { runId: 'r', cluster: 'c', owner, keep };
    expect(isForsaken(mark, { isAlive, includeKept })).toBe(row.forsaken);
  });
});

describe('a removal', () => {
  it('is told in a line', () => {
    const things = [{ kind: 'container' }, { kind: 'container' }, { kind: 'network' }] as const;
    expect(describeRemoval('r1', things)).toBe('run r1: removed 2 containers, 1 network');
  });
});
