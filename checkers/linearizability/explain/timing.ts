import type { Operations } from '../operations.ts';

/** Whether an operation certainly happened, and before a moment. */
export function isOverBefore(operations: Operations, at: number, moment: number): boolean {
  return (operations.returns[at] ?? Infinity) < moment;
}

/** Whether an operation can have happened up to a moment. */
export function mayHaveBegunBy(operations: Operations, at: number, moment: number): boolean {
  return (operations.calls[at] ?? Infinity) <= moment;
}
