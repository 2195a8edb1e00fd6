import { describe, expect, it } from 'vitest';
import type { ComparedFigure } from '../reports/comparison/comparison.ts';
import { judgeGate, parseGates } from './gate.ts';

function row(part: Partial<ComparedFigure>): ComparedFigure {
  return {
    ...{ thing: 'new', cell: 'c64', figure: 'p99', unit: 'ms', better: 'lower' },
    ...{ baseline: 10, candidate: 12, rounds: { baseline: 5, candidate: 5 } },
    ...{ change: { kind: 'percent', estimate: 20, low: 12, high: 29 }, verdict: 'worse' },
    ...part,
  };
}

describe('a gate', () => {
  it('is read with its figure and its limit', () => {
    expect(parseGates('throughput<-5%, p99>+10%,read.p99>12.5%,errors>0.5%,elections>2')).toEqual([
      { text: 'throughput<-5%', figure: 'throughput', limit: -5 },
      { text: 'p99>+10%', figure: 'p99', limit: 10 },
      { text: 'read.p99>12.5%', figure: 'read.p99', limit: 12.5 },
      { text: 'errors>0.5%', figure: 'errors', limit: 0.5 },
      { text: 'elections>2', figure: 'elections', limit: 2 },
    ]);
  });

  it.each([
    ['p99', 'expected demands like "throughput<-5%" or "p99>+10%", got "p99"'],
    ['p99>+10%,', 'between commas'],
    ['p98>+10%', 'got "p98"'],
    ['read.throughput<-5%', 'got "read.throughput"'],
    ['throughput>+5%', 'expected "throughput<-5%" or the like, because higher is better'],
    ['p99<-10%', 'expected "p99>+10%" or the like, because lower is better'],
    ['throughput<5%', 'to be a change for the worse, as in "throughput<-5%"'],
    ['p99>+10', 'in percent of the baseline, as in "p99>+10%"'],
    ['elections>10%', 'as a plain difference'],
    ['toString>1%', 'got "toString"'],
    ['throughput<-500%', 'that throughput can be beyond'],
    ['errors>+100%', 'that errors can be beyond'],
    ['p99>50ms', 'expected demands like'],
    ['p99<50%', 'lower is better'],
  ])('%s is refused', (text, why) => {
    expect(() => parseGates(text)).toThrow(why);
  });

  const [gate] = parseGates('p99>+10%');

  it.each([
    ['missed', 'beyond the limit, and shown', row({})],
    [
      'not shown',
      'beyond the limit, and maybe chance',
      row({
        change: { kind: 'percent', estimate: 20, low: -5, high: 52 },
        verdict: 'no difference shown',
      }),
    ],
    [
      'met',
      'worse, but within the limit',
      row({ change: { kind: 'percent', estimate: 6, low: 2, high: 9 } }),
    ],
    ['nothing to judge', 'untold', row({ change: null, verdict: 'untold' })],
    ['nothing to judge', 'another figure', row({ figure: 'p50' })],
  ] as const)('is %s where the change is %s', (outcome, _, found) => {
    expect(judgeGate(gate!, [found]).outcome).toBe(outcome);
  });

  it('fails by its worst cell, and names it', () => {
    const calm = row({ cell: 'c1', change: { kind: 'percent', estimate: 0, low: -2, high: 2 } });
    const { outcome, reasons } = judgeGate(gate!, [calm, row({})]);
    expect(outcome).toBe('missed');
    expect(reasons).toEqual(['p99 of c64: 10 ms → 12 ms, +20 % (+12 … +29 %)']);
  });
});
