import type { TimedOperation } from '../part.ts';

/** Whether an operation certainly happened, and before a moment. */
export function isOverBefore(
  operations: readonly TimedOperation[],
  at: number,
  moment: number,
): boolean {
  return (operations[at]?.returnedAt ?? Infinity) < moment;
}

/** Whether an operation can have happened up to a moment. */
export function mayHaveBegunBy(
  operations: readonly TimedOperation[],
  at: number,
  moment: number,
): boolean {
  return (operations[at]?.calledAt ?? Infinity) <= moment;
}
