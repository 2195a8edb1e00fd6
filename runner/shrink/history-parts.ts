import type { HistoryEvent } from '../../core/event.ts';
import { type History, type Operation, historyOf, operationsOf } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';

/** A history in pieces that may be left out, and put together again. */
export interface HistoryParts {
  readonly operations: readonly Operation[];
  /** Those operations alone, faults and all else left out. */
  historyOf(left: readonly Operation[]): History;
  /**
   * Of some operations those that can stand alone: an operation goes together with the one that wrote
   * what it speaks of. What stays then convicts the whole history, for a right store that did all of it
   * would also have done this much: nothing that stays knows of what is gone.
   */
  closed(left: readonly Operation[]): readonly Operation[];
}

export function historyParts(history: History): HistoryParts {
  const operations = operationsOf(history);
  const spoken = new Map(operations.map((each) => [each, spokenIn(each)]));
  const written = new Map(operations.map((each) => [each, writtenIn(each)]));
  return {
    operations,
    historyOf: (left) => historyOf(eventsOf(left)),
    closed(left) {
      const kept = new Set(left);
      const gone = new Set<string>();
      let fresh = operations.filter((each) => !kept.has(each));
      while (fresh.length > 0) {
        for (const each of fresh) for (const name of written.get(each) ?? []) gone.add(name);
        fresh = [...kept].filter((each) => (spoken.get(each) ?? []).some((name) => gone.has(name)));
        for (const each of fresh) kept.delete(each);
      }
      return operations.filter((each) => kept.has(each));
    },
  };
}

/** In their old order; places are counted anew. */
function eventsOf(operations: readonly Operation[]): HistoryEvent[] {
  const events = operations.flatMap(({ invoke, complete }) =>
    complete === undefined ? [invoke] : [invoke, complete],
  );
  return events.toSorted((a, b) => a.index - b.index).map((event, index) => ({ ...event, index }));
}

/** Values by object. What certainly had no effect wrote nothing. */
function writtenIn({ invoke, complete }: Operation): readonly string[] {
  return complete?.phase === 'fail' ? [] : named(invoke.key, valuesIn(invoke.value));
}

function spokenIn({ invoke, complete }: Operation): readonly string[] {
  const said = complete?.phase === 'ok' ? valuesIn(complete.value) : [];
  return named(invoke.key, [...valuesIn(invoke.value), ...said]);
}

function named(key: unknown, values: readonly string[]): readonly string[] {
  return values.map((value) => JSON.stringify([key, value]));
}

/** Numbers and texts anywhere in a value; of a transaction's steps, `[what, key, value]`, the values. */
function valuesIn(value: Json): readonly string[] {
  if (value === null || typeof value === 'boolean') return [];
  if (typeof value !== 'object') return [JSON.stringify(value)];
  if (!Array.isArray(value)) return Object.values(value).flatMap((each) => valuesIn(each ?? null));
  const list = value as readonly Json[];
  const isStep = list.length === 3 && typeof list[0] === 'string';
  return (isStep ? list.slice(2) : list).flatMap((each) => valuesIn(each));
}
