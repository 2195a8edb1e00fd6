import { expect, it } from 'vitest';
import { isFaultEvent } from '../../core/event.ts';
import { formatNamed } from './index.ts';

const read = (text: string) => [...formatNamed('session-txt').read([text], { file: 'h.txt' })];

it('makes processes of sessions that take turns', () => {
  const events = read('w x 1\nr 2 0\n-----\nr x 1\n=====\nw 2 7\n');
  expect(
    events.map((event) => !isFaultEvent(event) && [event.process, event.phase, event.value]),
  ).toEqual([
    [
      0,
      'invoke',
      [
        ['w', 'x', 1],
        ['r', 2, null],
      ],
    ],
    [1, 'invoke', [['w', 2, 7]]],
    [
      0,
      'ok',
      [
        ['w', 'x', 1],
        ['r', 2, null],
      ],
    ],
    [1, 'ok', [['w', 2, 7]]],
    [0, 'invoke', [['r', 'x', null]]],
    [0, 'ok', [['r', 'x', 1]]],
  ]);
  expect(events.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
});

it('takes a value that nobody wrote for the first one, for each key', () => {
  const values = read('r a 5\n=====\nr b 5\n-----\nw b 5').flatMap(({ value, phase }) =>
    phase === 'ok' ? [value] : [],
  );
  expect(values).toEqual([[['r', 'a', null]], [['r', 'b', 5]], [['w', 'b', 5]]]);
});

it('skips empty transactions and sessions', () => {
  expect(read('=====\n-----\n\n')).toEqual([]);
});

it('says what it expected of a line that it does not know', () => {
  expect(() => read('w 4 1\nw 4\n')).toThrow(
    'h.txt:2: expected "r KEY VALUE", "w KEY VALUE", "-----" or "=====", got "w 4"',
  );
});
