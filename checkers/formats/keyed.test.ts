import { describe, expect, it } from 'vitest';
import { brief } from '../testing/brief.ts';
import { type Keyed, withKeys } from './keyed.ts';

const keysAndValues = (text: string, keyed: Keyed): unknown[] =>
  [...withKeys(brief(text), keyed)].map((event) => [
    'key' in event ? event.key : null,
    event.value,
  ]);

const paired =
  '0 invoke write [7,1] \n 0 ok write [7,1] \n 1 invoke read [7,null] \n 1 ok read [7,1]';

describe('withKeys', () => {
  it('takes keys out of pairs when a read was called with nothing but its key', () => {
    const expected = [
      [7, 1],
      [7, 1],
      [7, null],
      [7, 1],
    ];
    expect(keysAndValues(paired, 'auto')).toEqual(expected);
    expect(keysAndValues(paired, 'yes')).toEqual(expected);
  });

  it.each([
    ['nobody asked for nothing but a key', '0 invoke cas [1,2] \n 0 ok cas [1,2]'],
    ['something was called without a pair', `${paired} \n 2 invoke read`],
    ['something returned another key', `${paired} \n 2 invoke read [1,null] \n 2 ok read [2,3]`],
    ['something returned no pair', `${paired} \n 2 invoke read [1,null] \n 2 ok read [1,2,3]`],
    ['the first of the pair is no key', '0 invoke txn [["r",1,null],["r",2,null]]'],
  ])('leaves values alone when %s', (_, text) => {
    expect([...withKeys(brief(text), 'auto')]).toEqual(brief(text));
  });

  it('leaves events alone that have a key', () => {
    const events = brief(paired).map((event) => ({ ...event, key: 'k' }));
    expect([...withKeys(events, 'auto')]).toEqual(events);
    expect([...withKeys(events, 'yes')]).toEqual(events);
  });

  it('leaves everything alone when told so', () => {
    expect([...withKeys(brief(paired), 'no')]).toEqual(brief(paired));
  });

  it('takes a completion without a value for one without a value', () => {
    expect(
      keysAndValues(`${paired} \n 2 invoke read [7,null] \n 2 info read`, 'auto').at(-1),
    ).toEqual([null, null]);
  });

  it('names the event that is no pair', () => {
    expect(() => keysAndValues('0 invoke read [1,null] \n 1 invoke read', 'yes')).toThrow(
      'expected a [key value] pair at event 1, as --keyed yes says; got null',
    );
    const late = Array.from({ length: 6000 }, () => '0 invoke read [1,null] \n 0 ok read [1,2]');
    expect(() => keysAndValues(`${late.join('\n')} \n 1 invoke read 5`, 'auto')).toThrow(
      'at event 12000, as the first events have them; --keyed no takes all values as they are; got 5',
    );
  });

  it('closes what it reads when its reader stops', () => {
    let closed = false;
    const events = function* () {
      try {
        for (;;) yield* brief(paired);
      } finally {
        closed = true;
      }
    };
    for (const _event of withKeys(events(), 'auto')) break;
    expect(closed).toBe(true);
  });
});
