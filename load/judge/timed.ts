import type { TimedOperation } from '../../checkers/linearizability/operations.ts';
import type { Json } from '../../core/json.ts';
import { phaseCodes } from '../journal/codes.ts';
import type { Columns } from '../journal/columns.ts';
import { isRead } from './places.ts';

/**
 * The operations at these places, as the checker wants them: without what failed, which did not
 * happen, and without reads nobody knows the answer of, which say nothing.
 */
export function timedAt(columns: Columns, places: Uint32Array): TimedOperation[] {
  const { phase, callNs, endNs, process, value, result } = columns;
  const operations: TimedOperation[] = [];
  for (const at of places) {
    const isOk = phase[at] === phaseCodes.ok;
    const reads = isRead(columns, at);
    if (phase[at] === phaseCodes.fail || (reads && !isOk)) continue;
    operations.push({
      operation: {
        process: process[at] ?? 0,
        op: reads ? 'read' : 'write',
        key: null,
        input: reads ? null : (value[at] ?? 0),
        output: reads ? found(result[at] ?? -1) : null,
        phase: isOk ? 'ok' : 'info',
      },
      calledAt: callNs[at] ?? 0,
      returnedAt: isOk ? (endNs[at] ?? Infinity) : Infinity,
    });
  }
  return operations;
}

/** Null stands for a key without a value; what nobody wrote is no number, as all that was written is. */
export function found(result: number): Json {
  if (result === -1) return null;
  return result === -2 ? 'not what any client wrote' : result;
}
