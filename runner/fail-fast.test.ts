import { describe, expect, it } from 'vitest';
import type { Checker } from '../core/checker.ts';
import type { OpEvent } from '../core/event.ts';
import type { Verdict } from '../core/verdict.ts';
import { lookoutWith, noLookout } from './fail-fast.ts';

const invalid: Verdict = { checker: 'no-seven', valid: 'invalid', summary: 'there was a 7' };

/** Finds fault with the value 7, and counts what it was given. */
function noSeven(): Checker & { readonly seen: () => number } {
  let seen = 0;
  return {
    name: 'no-seven',
    summary: 'nobody says 7',
    seen: () => seen,
    check: () => ({ ...invalid, valid: 'unknown' }),
    stream: () => ({
      next: (event) => {
        seen++;
        return event.value === 7 ? invalid : null;
      },
      end: () => ({ ...invalid, valid: 'valid' }),
    }),
  };
}

function event(value: number): OpEvent {
  return { index: value, timeNs: value, process: 0, phase: 'invoke', op: 'write', value };
}

describe('a lookout', () => {
  it('gives the alarm at the first violation, with the verdict, and looks no further', () => {
    const checker = noSeven();
    const lookout = lookoutWith(checker);
    for (const value of [5, 6]) lookout.see(event(value));
    expect(lookout.violated.aborted).toBe(false);
    for (const value of [7, 8, 7]) lookout.see(event(value));
    expect(lookout.violated.reason).toBe(invalid);
    expect(checker.seen()).toBe(3);
  });

  it('is refused where a checker judges whole histories only', () => {
    const whole: Checker = { name: 'no-seven', summary: 'nobody says 7', check: () => invalid };
    expect(() => lookoutWith(whole)).toThrow(
      'the checker "no-seven" judges whole histories only; leave out --fail-fast',
    );
  });

  it('of a run that goes on to its end gives no alarm', () => {
    const lookout = noLookout();
    lookout.see(event(7));
    expect(lookout.violated.aborted).toBe(false);
  });
});
