import { describe, expect, it } from 'vitest';
import { flagsIn } from './script-flags.ts';

const defaults = { only: '', seeds: 10 };

describe("a script's flags", () => {
  it('are as said, and usual where nothing is said', () => {
    expect(flagsIn([], defaults)).toEqual({ only: '', seeds: 10 });
    expect(flagsIn(['--seeds', '7', '--only=7'], defaults)).toEqual({ only: '7', seeds: 7 });
  });

  it.each([['--seeds', 'many'], ['--seeds=-1'], ['--seeds=1.5'], ['--seeds='], ['--seeds']])(
    'are whole numbers where the usual ones are: %j %s',
    (...words) => {
      expect(() => flagsIn(words.filter(Boolean), defaults)).toThrow(/--seeds/u);
    },
  );

  it('are at least 1 where nothing comes of 0', () => {
    expect(flagsIn(['--seeds', '0'], defaults)).toEqual({ only: '', seeds: 0 });
    expect(() => flagsIn(['--seeds', '0'], defaults, ['seeds'])).toThrow('from 1 on, got "0"');
    expect(flagsIn(['--seeds', '1'], defaults, ['seeds'])).toEqual({ only: '', seeds: 1 });
  });

  it.each(['--sees', 'seeds'])('are refused when nobody knows them: %s', (word) => {
    expect(() => flagsIn([word], defaults)).toThrow(word);
  });
});
