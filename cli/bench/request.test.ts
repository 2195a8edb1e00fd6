import { describe, expect, it } from 'vitest';
import { plannedIn } from './execute.ts';
import { type BenchFlagValues, benchFlags } from './flags.ts';
import { requestOf } from './request.ts';

const usual = Object.fromEntries(
  Object.entries(benchFlags).map(([name, flag]) => [name, flag.default]),
) as unknown as BenchFlagValues;

const asked = (
  words: string[],
  flags: Partial<BenchFlagValues> = {},
  world: 'local' | 'sim' = 'local',
) => requestOf(words, world, { ...usual, seed: 1, ...flags });

const ids = (words: string[], flags: Partial<BenchFlagValues> = {}): string[] =>
  plannedIn(asked(words, { rounds: 1, ...flags })).map(({ cell }) => cell.id);

describe('what is measured', () => {
  it('is raft in a closed loop of 1, 16 and 64 clients when nothing is said', () => {
    expect(ids([])).toEqual([
      'raft n3 c1 r0.5 v16',
      'raft n3 c16 r0.5 v16',
      'raft n3 c64 r0.5 v16',
    ]);
  });

  it('is every combination of what is said', () => {
    const flags = {
      ...{ concurrency: '1,4', 'read-ratio': '0,0.9', 'value-size': '16,1024', nodes: '3,5' },
    };
    expect(ids(['raft', 'paxos'], flags)).toHaveLength(32);
  });

  it('is an open loop with a rate, with room for what waits', () => {
    expect(asked([], { rate: '500,1000', arrivals: 'constant' }).loads).toEqual([
      { kind: 'open', clients: 256, rate: 500, arrivals: 'constant' },
      { kind: 'open', clients: 256, rate: 1000, arrivals: 'constant' },
    ]);
  });

  it('is a search alone with an objective', () => {
    const { loads, objectives } = asked([], { slo: ['p99<20ms'], rate: '300' });
    expect(loads).toEqual([]);
    expect(objectives[0]).toMatchObject({ firstRate: 300, clients: 256, arrivals: 'poisson' });
  });

  it('uses keys as the workload does, unless told otherwise', () => {
    expect(asked([], { workload: 'ycsb-d' }).keys.distribution).toBe('latest');
    expect(asked([], { workload: 'ycsb-d', distribution: 'uniform' }).keys.distribution).toBe(
      'uniform',
    );
  });

  it('is one system against itself with other settings', () => {
    const { subjects } = asked(['raft', 'raft:reads=lease,maxBatch=64'], {
      set: ['heartbeatMs=20'],
    });
    expect(subjects.map(({ name }) => name)).toEqual(['raft', 'raft:reads=lease,maxBatch=64']);
    expect(subjects.map(({ settings }) => [settings.reads, settings.heartbeatMs])).toEqual([
      ['index', '20'],
      ['lease', '20'],
    ]);
  });

  it('is one system against itself where it is named twice, each under a name of its own', () => {
    const { subjects } = asked(['raft', 'raft:', 'raft:reads=lease', 'null', 'null']);
    expect(subjects.map(({ name }) => name)).toEqual([
      ...['raft', 'raft#2', 'raft:reads=lease', 'null', 'null#2'],
    ]);
    expect(subjects[1]?.settings).toEqual(subjects[0]?.settings);
    expect(new Set(ids(['raft', 'raft:'])).size).toBe(6);
  });

  it('is once what is said twice', () => {
    const flags = { concurrency: '4,4', nemesis: 'kill:leader,none,kill:leader,none' };
    expect(ids([], flags)).toHaveLength(2);
    expect(ids([], { concurrency: '4', workload: 'ycsb-a,ycsb-a' })).toHaveLength(1);
    expect(asked([], { slo: ['p99<20ms', 'p99<20ms'] }).objectives).toHaveLength(1);
  });

  it('takes a setting for the system that it names', () => {
    const { subjects } = asked(['raft', 'paxos'], { set: ['raft.maxBatch=64'] });
    expect(subjects.map(({ settings }) => settings.maxBatch)).toEqual(['64', '256']);
  });

  it('is steady state and each fault by itself', () => {
    const flags = { nemesis: 'none,kill:leader', concurrency: '4' };
    expect(ids([], flags)).toEqual(['raft n3 c4 r0.5 v16', 'raft n3 c4 r0.5 v16 kill:leader']);
  });
});

describe('what cannot be measured is refused, with what would do:', () => {
  const cases: [string, string[], Partial<BenchFlagValues>, string][] = [
    ['an unknown system', ['rift'], {}, 'did you mean "raft"?'],
    [
      'no number',
      [],
      { concurrency: 'many' },
      'expected --concurrency to be numbers from 1 to 10000',
    ],
    ['half a client', [], { concurrency: '1.5' }, 'expected --concurrency to be whole numbers'],
    [
      'a ratio above 1',
      [],
      { 'read-ratio': '2' },
      'expected --read-ratio to be numbers from 0 to 1',
    ],
    ['a small value', [], { 'value-size': '4' }, 'expected --value-size to be numbers from 12'],
    ['a blink', [], { time: '10ms' }, 'expected --time of at least 1s'],
    [
      'an unknown workload',
      [],
      { workload: 'ycsb-g' },
      'expected a workload of a benchmark (ycsb-a',
    ],
    [
      'workloads with keys of two kinds',
      [],
      { workload: 'ycsb-a,ycsb-d' },
      'ycsb-a (zipf), ycsb-d (latest); say --distribution',
    ],
    ['an objective that is none', [], { slo: ['fast'] }, '--slo: expected a threshold like'],
    ['a search for a rate by the rate', [], { slo: ['throughput>900'] }, 'the rate itself'],
    ['an objective the wrong way round', [], { slo: ['p99>20ms'] }, 'because less is better'],
    ['a setting of another system', ['raft'], { set: ['paxos.maxBatch=1'] }, 'to name one of raft'],
    ['a setting nobody has', ['raft'], { set: ['speed=high'] }, 'expected a setting of raft'],
    [
      'a fault without a majority',
      [],
      { nemesis: 'kill', nodes: '1' },
      'expected at least 3 nodes',
    ],
    ['more nodes than a system has', ['raft', 'redis'], {}, 'at most 1 node of the system "redis"'],
    ['a fault of what cannot fail', ['null'], { nemesis: 'kill' }, 'which cannot fail'],
  ];

  it.each(cases)('%s', (_, words, flags, message) => {
    expect(() => asked(words, flags)).toThrow(message);
  });

  it('virtual time, which measures nothing', () => {
    expect(() => asked([], {}, 'sim')).toThrow('there is nothing to measure');
  });
});
