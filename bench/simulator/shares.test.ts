import { describe, expect, it } from 'vitest';
import { sharesOf, tally } from './shares.ts';

const frame = (url: string, functionName = 'f') => ({
  ...{ functionName, url, scriptId: '0', lineNumber: 0, columnNumber: 0 },
});

describe('where the time goes', () => {
  it('a library is part of what called it, and the idle time of nothing', () => {
    const nodes = [
      { id: 1, callFrame: frame('', '(root)'), children: [2, 4, 5, 6] },
      { id: 2, callFrame: frame('file:///p/wire/frame-payload.ts'), children: [3] },
      { id: 3, callFrame: frame('file:///p/node_modules/msgpackr/pack.js') },
      { id: 4, callFrame: frame('file:///p/protocols/raft/raft.ts') },
      { id: 5, callFrame: frame('', '(garbage collector)') },
      { id: 6, callFrame: frame('', '(idle)') },
    ];
    const samples = [2, 3, 3, 4, 5, 6];
    const timeDeltas = [10, 20, 30, 30, 10, 1000];
    expect(tally({ nodes, samples, timeDeltas, startTime: 0, endTime: 0 })).toEqual([
      ['encoding', 0.6],
      ['protocol', 0.3],
      ['garbage collector', 0.1],
    ]);
  });

  it('adds up to all of it', async () => {
    const shares = await sharesOf(async () => {
      await Promise.resolve();
      let sum = 0;
      for (let at = 0; at < 2e7; at++) sum += Math.sqrt(at);
      expect(sum).toBeGreaterThan(0);
    });
    expect(shares.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 6);
  });
});
