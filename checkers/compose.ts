import type { CheckContext, CheckStream, Checker } from '../core/checker.ts';
import { type Verdict, mergeValidity } from '../core/verdict.ts';

/**
 * One checker out of several by name. Its verdict is theirs merged, invalid over unknown over valid,
 * and theirs are its parts, each under its name here. A checker that throws gives `unknown`. It can judge
 * while the history grows if all of them can.
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
      return merged(parts);
    },
    ...(named.every(([, checker]) => 'stream' in checker)
      ? { stream: (context?: CheckContext) => streamOf(named, context) }
      : {}),
  };
}

function merged(parts: readonly Verdict[]): Verdict {
  const valid = mergeValidity(parts.map((part) => part.valid));
  return { checker: 'compose', valid, summary: summaryOf(parts), parts };
}

/** Each part goes on until it has convicted or thrown; then its verdict stands. */
function streamOf(
  named: readonly (readonly [string, Checker])[],
  context: CheckContext | undefined,
): CheckStream {
  const parts = named.flatMap(([name, checker]) => {
    const stream = checker.stream?.(context);
    return stream === undefined ? [] : [{ name, stream, verdict: null as Verdict | null }];
  });
  return {
    next(event) {
      for (const part of parts) {
        if (part.verdict !== null) continue;
        try {
          const verdict = part.stream.next(event);
          if (verdict !== null) part.verdict = { ...verdict, checker: part.name };
        } catch (error) {
          part.verdict = failedVerdict(part.name, error);
        }
      }
      const convicted = parts.flatMap(({ verdict }) =>
        verdict?.valid === 'invalid' ? [verdict] : [],
      );
      return convicted.length === 0 ? null : merged(convicted);
    },
    end() {
      return merged(
        parts.map(({ name, stream, verdict }) => {
          if (verdict !== null) return verdict;
          try {
            return { ...stream.end(), checker: name };
          } catch (error) {
            return failedVerdict(name, error);
          }
        }),
      );
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
    return failedVerdict(name, error);
  }
}

function failedVerdict(checker: string, error: unknown): Verdict {
  const reason = error instanceof Error ? error.message : String(error);
  return { checker, valid: 'unknown', summary: `the checker itself failed: ${reason}` };
}

/** The worst parts speak for the whole. */
function summaryOf(parts: readonly Verdict[]): string {
  const valid = mergeValidity(parts.map((part) => part.valid));
  return parts
    .filter((part) => part.valid === valid)
    .map((part) => `${part.checker}: ${part.summary}`)
    .join('; ');
}
