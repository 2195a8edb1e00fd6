import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createConfigurations } from './configurations.ts';

it('knows exactly what was added, however many there are', () => {
  const word = fc.integer({ min: -4, max: 4 });
  const entry = fc.tuple(word, fc.tuple(word, word), word);
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 8000, size: 'max' }), (entries) => {
      const set = createConfigurations(2);
      const twin = new Set<string>();
      for (const [first, bits, state] of entries) {
        const isNew = !twin.has(JSON.stringify([first, bits, state]));
        twin.add(JSON.stringify([first, bits, state]));
        expect(set.add(first, Int32Array.from(bits), state)).toBe(isNew);
      }
      expect(set.size()).toBe(twin.size);
    }),
    { numRuns: 20 },
  );
});
