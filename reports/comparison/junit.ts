import { type JunitCase, junitDocument } from '../junit-document.ts';
import type { Comparison } from './comparison.ts';
import { gateSigns } from './words.ts';

/** `junit.xml` of a comparison: a case for every gate, and one for the candidates' answers. */
export function comparisonJunit(comparison: Comparison): string {
  const { things, gates, basis } = comparison;
  const [baseline, ...candidates] = things;
  const cases = [
    ...candidates.map(({ label, valid }): JunitCase => ({
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
  return junitDocument({
    suite: `compare with ${baseline?.label ?? ''}`,
    className: 'dtest.compare',
    startedAt: candidates[0]?.startedAt ?? '',
    seconds: 0,
    cases,
    output: [basis, ...things.flatMap(({ paths }) => paths)].join('\n'),
  });
}
