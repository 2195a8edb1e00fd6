import { describe, expect, it } from 'vitest';
import { UsageError } from '../failure.ts';
import { settingsOf } from './campaign-plan.ts';
import { type Axis, axisOf, combine, plannerOf, settingAxis } from './combinations.ts';

const raft = axisOf('system', 'raft');

async function plans(...axes: readonly Axis[]) {
  const { planners, misfits } = await combine(axes);
  return { planners, misfits, plans: planners.map((each) => each.planFor(7)) };
}

describe('combine', () => {
  it('takes every value with every other, the last axis changing fastest', async () => {
    const found = await plans(
      axisOf('system', 'raft,paxos'),
      axisOf('nemesis', 'kill;partition,pause', ';'),
      axisOf('nodes', '3,5'),
    );
    expect(
      found.plans.map(({ system, nemesis, nodes }) => [system, nemesis.join(), nodes]),
    ).toEqual([
      ['raft', 'kill', 3],
      ['raft', 'kill', 5],
      ['raft', 'partition,pause', 3],
      ['raft', 'partition,pause', 5],
      ['paxos', 'kill', 3],
      ['paxos', 'kill', 5],
      ['paxos', 'partition,pause', 3],
      ['paxos', 'partition,pause', 5],
    ]);
    expect(found.plans.map(({ seed, world }) => [seed, world])).toEqual(
      found.plans.map(() => [7, 'sim']),
    );
  });

  it('takes a setting with several values apart', async () => {
    const found = await plans(raft, settingAxis('reads=index,local'));
    expect(found.plans.map(({ settings }) => settings.reads)).toEqual(['index', 'local']);
    const combinations = found.planners.map(({ combination }) => combination);
    expect(combinations.map((each) => settingsOf(each, combinations))).toEqual([
      'reads index',
      'reads local',
    ]);
  });

  it('makes the same plan of a combination read back from a file', async () => {
    const { planners } = await plans(raft, axisOf('rate', '17'), settingAxis('reads=lease'));
    const [planner] = planners;
    const saved = JSON.parse(JSON.stringify(planner?.combination)) as never;
    expect((await plannerOf(saved)).planFor(3)).toEqual(planner?.planFor(3));
  });

  it.each([
    ['an unknown system', [axisOf('system', 'raft,rafts')], 'did you mean "raft"'],
    ['an unknown workload', [raft, axisOf('workload', 'regster')], 'did you mean "register"'],
    ['an unknown fault', [raft, axisOf('nemesis', 'kill;kil', ';')], 'did you mean "kill"'],
    ['a number that is none', [raft, axisOf('nodes', '3,x')], 'Expected an integer'],
    ['a value that no system takes', [raft, settingAxis('reads=index,never')], 'to be one of'],
  ])('refuses %s, though others would do', async (_, axes, words) => {
    await expect(combine(axes)).rejects.toThrow(words);
  });

  it('leaves out what does not fit, while every value has a place', async () => {
    const bugs = axisOf('bug', 'raft-follower-read,paxos-leader-local-read');
    const { planners, misfits, plans: made } = await plans(axisOf('system', 'raft,paxos'), bugs);
    expect([planners.length, misfits]).toEqual([2, 2]);
    expect(made.map(({ system, settings }) => [system, settings.bug])).toEqual([
      ['raft', 'raft-follower-read'],
      ['paxos', 'paxos-leader-local-read'],
    ]);
  });

  it('refuses more combinations than anybody can want', async () => {
    const many = Array.from({ length: 40 }, (_, at) => String(at + 1)).join(',');
    await expect(combine([axisOf('nodes', many), axisOf('keys', many)])).rejects.toThrow(
      UsageError,
    );
  });
});

describe('axisOf', () => {
  it('knows all systems, and drops what is named twice', () => {
    expect(axisOf('system', 'all').values).toEqual(expect.arrayContaining(['raft', 'paxos']));
    expect(axisOf('system', 'raft,all,raft').values.filter((each) => each === 'raft')).toHaveLength(
      1,
    );
  });

  it.each(['', 'raft,', ',raft', 'raft,,paxos'])('refuses %j', (text) => {
    expect(() => axisOf('system', text)).toThrow('expected --system to be values between ","');
  });
});
