import type { Run } from '../core/run.ts';

/** What was planted in the system on purpose, in words; null where the system is as it should be. */
export function plantedBugNote({ plan, facts }: Run): string | null {
  const { bug } = plan.settings;
  if (bug === undefined || bug === 'none') return null;
  const { summary } = (facts.bug ?? {}) as { readonly summary?: unknown };
  return typeof summary === 'string' ? `${bug}: ${summary}` : bug;
}
