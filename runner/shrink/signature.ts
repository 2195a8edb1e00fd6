import type { Verdict } from '../../core/verdict.ts';
import { failureKindOf } from '../failure-kind.ts';

/**
 * What must stay the same for a smaller run to fail in the same way: the invariant that broke, or the
 * checker that convicted, with the anomaly or the kind of finding where it tells them apart. Of a
 * history that is not linearizable it is the model alone: which operation cannot be placed, and what
 * contradicts it, changes with the operations around it. What stands in brackets is detail. Null for a verdict that does not convict.
 */
export function signatureOf(verdict: Verdict): string | null {
  const kind = failureKindOf(verdict);
  if (kind === null) return null;
  if (kind.checker === 'linearizable') return kind.signature.split(': ')[0] ?? '';
  return kind.signature.replaceAll(/ ?\([^)]*\)/gu, '');
}
