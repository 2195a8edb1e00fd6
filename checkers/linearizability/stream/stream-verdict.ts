import type { LinearizabilityFailure } from '../../../core/evidence.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Verdict } from '../../../core/verdict.ts';
import type { Model } from '../../models/model.ts';
import { type LinearizabilityEvidence, unexplained, validSummary } from '../evidence.ts';
import type { LiveParts } from './live-parts.ts';
import type { StreamBudget } from './part-judge.ts';

/** Puts what is known of the parts into verdicts. */
export interface StreamVerdict {
  invalid(failure: LinearizabilityFailure): Verdict;
  /** The same where the evidence could not be worked out. */
  unexplained(key: string | null, reason: string): Verdict;
  unknown(why: string): Verdict;
  valid(): Verdict;
}

const nothingKept =
  'no order of the operations is shown, because it was judged as it came and what was over was not kept';

export function streamVerdict(model: Model, parts: LiveParts, budget: StreamBudget): StreamVerdict {
  const evidence = (failures: readonly LinearizabilityFailure[]): LinearizabilityEvidence => {
    const all = parts.all();
    const tooHard = all.filter(({ judge }) => judge.outcome === 'too-hard');
    return {
      failures,
      partitions: parts.count(),
      operations: all.reduce((sum, { judge }) => sum + judge.operations, 0),
      steps: budget.stepsTaken,
      unknownKeys: tooHard.map(({ key }) => key ?? 'the whole history'),
      algorithms: { stream: parts.count() },
    };
  };
  const verdict = (
    valid: Verdict['valid'],
    summary: string,
    details: LinearizabilityEvidence,
  ): Verdict => {
    return {
      checker: 'linearizable',
      valid,
      summary,
      details: details as unknown as JsonObject,
    };
  };
  return {
    invalid: (failure) =>
      verdict('invalid', `not linearizable: ${failure.summary}`, {
        ...evidence([failure]),
        problems: [nothingKept],
      }),
    unexplained(key, reason) {
      const problem = unexplained(key, reason);
      return verdict('invalid', `not linearizable: ${problem}`, {
        ...evidence([]),
        problems: [problem],
      });
    },
    unknown: (why) => verdict('unknown', why, evidence([])),
    valid: () => {
      const details = evidence([]);
      return verdict('valid', validSummary(model, details), details);
    },
  };
}
