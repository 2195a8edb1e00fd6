import type { HistoryEvent } from '../../core/event.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { createAssembler, keyOf, phaseOf } from './assemble.ts';
import { BadInput, type Whereabouts } from './bad-input.ts';
import { createFaultReader } from './jepsen-nemesis.ts';
import { pairOfKey } from './keyed.ts';

/** Turns the operation maps of one history, in order, into events. */
export interface OperationReader {
  /** Null for what is neither an operation nor a fault. `text` is shown when something is wrong. */
  read(fields: JsonObject, where: Whereabouts, text: string): HistoryEvent | null;
  /** What was left out, in words; null when nothing was. */
  leftOut(): string | null;
}

/**
 * Jepsen's operations as plain data: `process`, `type`, `f`, `value`, perhaps `key`, `time`, `error` and
 * `node`. Where `f` is missing it is `txn`, and where `process` is missing every completion belongs to the
 * invocation just before it: some files of transactions are written so.
 */
export function createOperationReader(): OperationReader {
  const assembler = createAssembler();
  const faultOf = createFaultReader();
  let invocations = -1;
  let skipped = 0;

  const readNamed = (fields: JsonObject): HistoryEvent | null => {
    const { f, value = null, time, fault } = fields;
    const timeNs = typeof time === 'number' ? time : undefined;
    const { 'fault-phase': faultPhase, 'fault-id': faultId } = fields;
    const found =
      fields.process === 'nemesis' && typeof f === 'string'
        ? faultOf({ f, value, timeNs, fault, faultPhase, faultId })
        : null;
    if (found !== null) return assembler.fault(found);
    skipped++;
    return null;
  };

  return {
    read(fields, where, text) {
      const { process, type, f = 'txn', value = null, time, due, error, node } = fields;
      if (typeof process === 'string') return readNamed(fields);
      const phase = phaseOf(type, where);
      if (phase === 'invoke') invocations++;
      if (process !== undefined && !Number.isSafeInteger(process)) {
        throw new BadInput(where, 'a process that is a whole number or a name', text);
      }
      if (typeof f !== 'string') throw new BadInput(where, 'an f that is a name', text);
      const { key, own } = keyAndValue(fields, value, where);
      return assembler.event(
        {
          process: process === undefined ? invocations : (process as number),
          phase,
          op: f,
          key,
          value: own,
          timeNs: typeof time === 'number' ? time : undefined,
          dueNs: typeof due === 'number' ? due : undefined,
          error: error === undefined || error === null ? undefined : wordsOf(error),
          node: typeof node === 'string' ? node : undefined,
        },
        where,
      );
    },
    leftOut: () => {
      if (skipped === 0) return null;
      const lines = skipped === 1 ? '1 line is' : `${skipped} lines are`;
      return `${lines} neither of a client nor of a fault, and left out`;
    },
  };
}

/** dtest's own export says of an operation that its value is a `[key value]` pair. */
function keyAndValue({ key, keyed }: JsonObject, value: Json, where: Whereabouts) {
  if (keyed === true) {
    const pair = pairOfKey(value);
    if (pair !== null) return { key: pair.key, own: pair.value };
    throw new BadInput(where, 'a [key value] pair', JSON.stringify(value));
  }
  return { key: key === undefined || key === null ? undefined : keyOf(key, where), own: value };
}

function wordsOf(error: Json): string {
  return typeof error === 'string' ? error : JSON.stringify(error);
}
