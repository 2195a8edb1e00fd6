import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createTally, mostExamples, verdictOf } from './findings.ts';

const finding = (severity: number, place = 0) => ({
  severity,
  words: `finding ${severity}`,
  evidence: { severity, place },
});

it('keeps the worst findings, worst first, and of equal ones the earlier', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9), { maxLength: 60 }), (severities) => {
      const tally = createTally();
      const all = severities.map(finding);
      for (const each of all) tally.add(each);
      const expected = all.toSorted((one, other) => other.severity - one.severity);
      expect(tally.details()).toEqual({
        count: all.length,
        examples: expected
          .slice(0, mostExamples)
          .map(({ words, evidence }) => ({ words, ...evidence })),
        leftOut: Math.max(0, all.length - mostExamples),
      });
    }),
  );
});

it('lets findings convict before reservations speak, and praises only without both', () => {
  const [none, some] = [createTally(), createTally()];
  some.add(finding(1));
  const judge = (kinds: Parameters<typeof verdictOf>[0]['convicting'], reservations: string[]) =>
    verdictOf({ checker: 'x', convicting: kinds, reservations, praise: 'fine' });
  expect(judge({ none, some }, ['unsure'])).toMatchObject({
    valid: 'invalid',
    summary: 'finding 1 (some: 1)',
  });
  expect(judge({ none }, ['unsure'])).toMatchObject({ valid: 'unknown', summary: 'unsure' });
  expect(judge({ none }, [])).toMatchObject({ valid: 'valid', summary: 'fine' });
});
