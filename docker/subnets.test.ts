import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressesIn, gatewayOf, isOverlapError, overlaps, subnetsOf } from './subnets.ts';

describe('the subnets of a pool', () => {
  it('are each there once, whatever the seed', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const subnets = subnetsOf('10.50.16.0/20', seed);
        expect(subnets.toSorted()).toEqual(
          Array.from({ length: 16 }, (_, at) => `10.50.${String(16 + at)}.0/24`).toSorted(),
        );
      }),
    );
  });

  it('start at different places for different seeds', () => {
    const starts = new Set(
      Array.from({ length: 50 }, (_, at) => subnetsOf('10.208.0.0/12', `run-${String(at)}`)[0]),
    );
    expect(starts.size).toBeGreaterThan(40);
  });

  it.each(['10.1.2.0/25', '10.1.2.0', '10.1.2.999/16', '10.1.2.0/33', 'fd00::/8', ''])(
    'are refused for %j, saying what was expected',
    (pool) => {
      expect(() => subnetsOf(pool, 'seed')).toThrow(/Expected/);
    },
  );
});

describe('overlap', () => {
  const range = fc
    .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 24, max: 30 }))
    .map(([last, prefix]) => `10.0.0.${String(last)}/${String(prefix)}`);

  it('is sharing an address', () => {
    const addressesOf = (cidr: string) => {
      const [address = '', prefix = ''] = cidr.split('/');
      const size = 2 ** (32 - Number(prefix));
      const last = Number(address.split('.')[3]);
      return new Set(Array.from({ length: size }, (_, at) => last - (last % size) + at));
    };
    fc.assert(
      fc.property(range, range, (one, other) => {
        expect(overlaps(one, other)).toBe(!addressesOf(one).isDisjointFrom(addressesOf(other)));
      }),
    );
  });

  it('is recognised in what engines say', () => {
    expect(isOverlapError(new Error('Pool overlaps with other one on this address space'))).toBe(
      true,
    );
    expect(isOverlapError(new Error('networks have overlapping IPv4'))).toBe(true);
    expect(isOverlapError(new Error('no space left on device'))).toBe(false);
  });
});

describe('the addresses in a subnet', () => {
  it('are the nodes’ in order, apart from the gateway’s', () => {
    expect(gatewayOf('10.50.3.0/24')).toBe('10.50.3.1');
    expect([...addressesIn('10.50.3.0/24', ['n1', 'n2'])]).toEqual([
      ['n1', '10.50.3.11'],
      ['n2', '10.50.3.12'],
    ]);
  });

  it('are not given to more nodes than fit', () => {
    const nodes = Array.from({ length: 241 }, (_, at) => `n${String(at)}`);
    expect(() => addressesIn('10.50.3.0/24', nodes)).toThrow('at most 240 nodes, got 241');
  });
});
