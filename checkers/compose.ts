import type { Checker } from '../core/checker.ts';
import { type Verdict, mergeValidity } from '../core/verdict.ts';

/**
 * One checker out of several by name. Its verdict is theirs merged, invalid over unknown over valid,
 * and theirs are its parts, each under its name here. A checker that throws gives `unknown`.
 */
export function compose(checkers: Readonly<Record<string, Checker>>): Checker {
  const named = Object.entries(checkers);
  return {
    name: 'compose',
    summary: named.map(([name, checker]) => `${name}: ${checker.summary}`).join('; '),
    async check(history, context = {}) {
      const parts: Verdict[] = [];
      for (const [at, [name, checker]] of named.entries()) {
        parts.push(
          await checkSafely(name, () =>
            checker.check(history, {
              ...context,
              onProgress: (share) => context.onProgress?.((at + share) / named.length),
            }),
          ),
        );
      }
      const valid = mergeValidity(parts.map((part) => part.valid));
      return { checker: 'compose', valid, summary: summaryOf(parts), parts };
    },
  };
}

async function checkSafely(
  name: string,
  check: () => Promise<Verdict> | Verdict,
): Promise<Verdict> {
  try {
    return { ...(await check()), checker: name };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { checker: name, valid: 'unknown', summary: `the checker itself failed: ${reason}` };
  }
}

/** The worst parts speak for the whole. */
function summaryOf(parts: readonly Verdict[]): string {
  const valid = mergeValidity(parts.map((part) => part.valid));
  return parts
    .filter((part) => part.valid === valid)
    .map((part) => `${part.checker}: ${part.summary}`)
    .join('; ');
}
