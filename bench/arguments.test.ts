import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';
import { parseGoals } from './goals/goals.ts';

describe('goals', () => {
  it.each([
    ['1', [1]],
    ['1,5-9', [1, 5, 6, 7, 8, 9]],
    [' 20 , 3 - 4, 3', [3, 4, 20]],
  ])('%j are understood', (text, expected) => {
    expect(parseGoals(text)).toEqual(expected);
  });

  it.each(['', '0', '21', '9-5', '1;2', 'all'])('%j are refused', (text) => {
    expect(() => parseGoals(text)).toThrow('expected goals from 1 to 20 such as 1,5-9');
  });
});

describe('arguments', () => {
  it('mean all goals, five runs and no other checker when there are none', () => {
    expect(parseArguments([])).toMatchObject({
      what: { kind: 'goals', goals: null },
      runs: 5,
      threads: 0,
      other: null,
    });
  });

  it('choose what is measured', () => {
    expect(parseArguments(['--goals', '2,3'])?.what).toEqual({ kind: 'goals', goals: [2, 3] });
    expect(parseArguments(['--corpus'])?.what).toEqual({ kind: 'corpus' });
    expect(parseArguments(['--folder', 'x'])?.what).toEqual({ kind: 'folder', folder: 'x' });
    const generated = parseArguments(['--generated'])?.what;
    expect(generated).toMatchObject({ kind: 'goals' });
    expect(generated).not.toMatchObject({ goals: null });
  });

  it.each([
    [['--goals', '1', '--corpus'], 'got several'],
    [['--runs', '0'], 'expected --runs as a whole number of at least 1, got 0'],
    [['--threads', 'two'], 'expected --threads as a whole number'],
    [['--what'], 'Unknown option'],
  ])('%j are refused', (words, message) => {
    expect(() => parseArguments(words)).toThrow(message);
  });

  it('ask for help', () => {
    expect(parseArguments(['--help'])).toBeNull();
  });
});
