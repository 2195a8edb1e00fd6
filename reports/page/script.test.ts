import { describe, expect, it } from 'vitest';
import { pageFunctions } from './script.ts';

describe('the functions of a page', () => {
  it('share one scope, so that no two have the same name', () => {
    const names = pageFunctions.flatMap((text) => /^function (\w+)/u.exec(text)?.[1] ?? []);
    expect(names.length).toBeGreaterThan(60);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});
