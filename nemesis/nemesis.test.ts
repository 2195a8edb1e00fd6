import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Link } from '../core/cluster.ts';
import type { FaultContext } from '../core/nemesis.ts';
import { nodeIds } from '../core/node-id.ts';
import { rngOf } from '../core/rng.ts';
import { nemeses } from './index.ts';

const context = (count: number, more: Partial<FaultContext> = {}, seed = 1): FaultContext => ({
  nodes: nodeIds(count),
  leader: 'n1',
  afflicted: new Set(),
  maxAfflicted: Math.floor((count - 1) / 2),
  rng: rngOf(seed),
  ...more,
});

const shapes = Object.values(nemeses).flatMap((nemesis) =>
  nemesis.variants.map((variant) => ({ name: `${nemesis.name}:${variant}`, nemesis, variant })),
);

describe.each(shapes)('$name', ({ nemesis, variant }) => {
  it('chooses the same targets for the same draw', () => {
    expect(nemesis.choose(variant, context(5))).toEqual(nemesis.choose(variant, context(5)));
  });

  it.each([3, 4, 5, 7])('finds something to hit in a healthy cluster of %d nodes', (count) => {
    const fault = nemesis.choose(variant, context(count));
    expect(fault).not.toBeNull();
    if (nemesis.name === 'partition') expect(fault?.data.cut).not.toEqual([]);
  });

  // That everything goes dark at once is what this one is for; it strikes alone.
  const sparesQuorum = !(nemesis.name === 'power' && variant === 'all');

  it.runIf(sparesQuorum)('never holds back so many nodes that the rest is no quorum', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 3, max: 9 }), fc.nat(4), (seed, count, held) => {
        const afflicted = new Set(rngOf(seed).shuffle(nodeIds(count)).slice(0, held));
        const given = context(count, { afflicted }, seed);
        const fault = nemesis.choose(variant, given);
        if (fault === null) return;
        const all = new Set([...afflicted, ...fault.targets]);
        if (fault.targets.length > 0) expect(all.size).toBeLessThanOrEqual(given.maxAfflicted);
        expect(fault).toMatchObject({ kind: nemesis.name, variant });
        expect(fault.summary).not.toBe('');
      }),
    );
  });
});

describe('membership', () => {
  const chosen = (variant: string, given: FaultContext) =>
    nemeses.membership?.choose(variant, given);

  it('takes out members only, and knows whom to put back', () => {
    const members = ['n1', 'n2', 'n4'];
    const fault = chosen('leader', context(5, { members, leader: 'n4' }));
    expect(fault).toMatchObject({
      targets: ['n4'],
      data: { before: members, after: ['n1', 'n2'] },
    });
  });

  it('swaps members for nodes that wait, so that the majority is another', () => {
    const fault = chosen('swap', context(5, { members: ['n1', 'n2', 'n3'] }));
    const after = fault?.data.after as readonly string[];
    expect(after).toEqual(expect.arrayContaining(['n4', 'n5']));
    expect(after).toHaveLength(3);
  });

  it('leaves a member over', () => {
    expect(chosen('one', context(5, { members: ['n1'] }))).toBeNull();
  });
});

describe('transfer', () => {
  const successor = (variant: string, afflicted: readonly string[]): unknown =>
    nemeses.transfer?.choose(variant, context(3, { afflicted: new Set(afflicted) }))?.data.to;

  it('goes to a member that can take it, or to one that cannot', () => {
    expect(successor('healthy', ['n2'])).toBe('n3');
    expect(successor('afflicted', ['n2'])).toBe('n2');
  });
});

describe('partitions', () => {
  const cutBy = (variant: string, given: FaultContext): readonly Link[] =>
    (nemeses.partition?.choose(variant, given)?.data.cut ?? []) as unknown as readonly Link[];
  const sees = (cut: readonly Link[], count: number, node: string): string[] =>
    nodeIds(count).filter(
      (other) => !cut.some(({ from, to }) => from === other && to === node) || other === node,
    );

  it('isolate-leader cuts the leader off both ways', () => {
    const cut = cutBy('isolate-leader', context(5, { leader: 'n4' }));
    expect(cut).toHaveLength(8);
    expect(sees(cut, 5, 'n4')).toEqual(['n4']);
  });

  it.each([4, 5, 6, 7, 9])(
    'in a ring of %d every node sees a majority, and not everybody',
    (count) => {
      const cut = cutBy('ring', context(count));
      for (const node of nodeIds(count)) {
        const seen = sees(cut, count, node).length;
        expect(seen).toBeGreaterThan(count / 2);
        expect(seen).toBeLessThan(count);
      }
    },
  );

  it.each([3, 5, 7])('a bridge over %d nodes leaves one that sees everybody', (count) => {
    const cut = cutBy('bridge', context(count));
    const all = nodeIds(count).filter((node) => sees(cut, count, node).length === count);
    expect(all).toHaveLength(1);
  });

  it('one-way cuts one direction only', () => {
    const cut = cutBy('one-way', context(5));
    for (const { from, to } of cut) {
      expect(cut.some((other) => other.from === to && other.to === from)).toBe(false);
    }
  });

  it('a majority split puts nodes that are held back with the minority', () => {
    const cut = cutBy('majority', context(5, { afflicted: new Set(['n2', 'n5']) }));
    expect(sees(cut, 5, 'n2')).toEqual(['n2', 'n5']);
  });
});
