import { type JunitCase, junitDocument } from '../junit-document.ts';
import type { Comparison } from './comparison.ts';
import { gateSigns } from './words.ts';

/** A case for every gate, and one for each candidate's answers. */
export function comparisonCases({ things, gates }: Comparison): readonly JunitCase[] {
  return [
    ...things.slice(1).map(({ label, valid }): JunitCase => ({
      name: `answers of ${label}`,
      trouble:
        valid === 'invalid'
          ? { kind: 'failure', type: 'invalid', message: 'answered wrongly', text: '' }
          : null,
    })),
    ...gates.map(({ text, outcome, reasons }): JunitCase => ({
      name: text,
      trouble:
        outcome === 'missed' || outcome === 'nothing to judge'
          ? {
              kind: 'failure',
              type: outcome,
              message: gateSigns[outcome],
              text: reasons.join('\n'),
            }
          : null,
    })),
  ];
}

/** `junit.xml` of a comparison. */
export function comparisonJunit(comparison: Comparison): string {
  const { things, basis } = comparison;
  return junitDocument({
    suite: `compare with ${things[0]?.label ?? ''}`,
    className: 'dtest.compare',
    startedAt: things[1]?.startedAt ?? '',
    seconds: 0,
    cases: comparisonCases(comparison),
    output: [basis, ...things.flatMap(({ paths }) => paths)].join('\n'),
  });
}
