import type { Test } from './test.ts';

/**
 * What a test does to its cluster that the system may assume never to happen, as clauses. What comes of
 * it is worth knowing, and no mistake of the system's.
 */
export function outsideOf({ plan, nemeses, system }: Test): readonly string[] {
  const kinds = new Set(plan.faults.map(({ kind }) => kind));
  const clauses = [...kinds].flatMap((kind) => {
    const clause = nemeses.get(kind)?.outside ?? system.outside?.(kind, plan.settings) ?? null;
    return clause === null ? [] : [clause];
  });
  return [...new Set(clauses)];
}
