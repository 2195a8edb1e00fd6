import type { ModelOperation } from './model.ts';

/** What the locks know that care who holds them: `acquire` and `release` of one process. */
export const lockOperations = ['acquire', 'release'] as const;

/** `acquire by process 3`, and what came back where something did. */
export function describeLocking({ op, process }: ModelOperation, output = ''): string {
  return `${op} by process ${process}${output === '' ? '' : ` → ${output}`}`;
}

/**
 * Marks crashed acquisitions by processes that did nothing after. Only they could release the lock, so
 * after such an acquisition nothing that returned can follow in any linearization, and it may as well
 * not have happened; crashed operations that had no effect behind it can be left out with it.
 */
export function abandoned(operations: readonly ModelOperation[]): readonly boolean[] {
  const last = new Map(operations.map(({ process }, at) => [process, at]));
  return operations.map(
    ({ op, phase, process }, at) =>
      op === 'acquire' && phase === 'info' && last.get(process) === at,
  );
}

/** A process's number, as a lock's initial state names its holder; throws when it is none. */
export function holderOf(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw new Error(
    `expected the holder to be the number of a process, got ${JSON.stringify(value)}`,
  );
}
