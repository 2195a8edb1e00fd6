import type { HistoryEvent } from '../../core/event.ts';
import type { HistoryOptions } from './history-options.ts';
import { mutate } from './mutations.ts';
import { type Moment, simulate } from './simulate.ts';
import type { SimulatedOperation } from './simulated.ts';

/**
 * The lines of a history in dtest's `jsonl` format, without line breaks. Same options, same bytes. Only
 * a mutated history is held in memory.
 */
export function* linesOfHistory(options: HistoryOptions): Generator<string> {
  for (const moment of momentsOf(options)) yield lineOf(moment, options.times !== false);
}

/** The same as events, for a checker that listens while they come. */
export function* eventsOfHistory(options: HistoryOptions): Generator<HistoryEvent> {
  let index = 0;
  for (const { atNs, operation, isCall } of momentsOf(options)) {
    const { process, op, key } = operation;
    yield {
      index: index++,
      timeNs: Math.round(atNs),
      process,
      phase: isCall ? 'invoke' : operation.phase,
      op,
      ...(key === null ? {} : { key }),
      value: isCall ? operation.input : resultOf(operation),
    };
  }
}

function momentsOf(options: HistoryOptions): Iterable<Moment> {
  if (options.mutation === undefined) return simulate(options);
  const moments = [...simulate(options)];
  const operations = moments.filter(({ isCall }) => isCall).map(({ operation }) => operation);
  mutate(options.mutation, operations, options.mutateAt ?? 0.95);
  return moments;
}

function lineOf({ atNs, operation, isCall }: Moment, hasTimes: boolean): string {
  const { process, op, key, input } = operation;
  const type = isCall ? 'invoke' : operation.phase;
  const keyed = key === null ? '' : `,"key":${key}`;
  const value = JSON.stringify(isCall ? input : resultOf(operation));
  const time = hasTimes ? `,"time":${Math.round(atNs)}` : '';
  return `{"process":${process},"type":"${type}","f":"${op}"${keyed},"value":${value}${time}}`;
}

/** What has no result of its own answers with what was asked. */
function resultOf({ phase, op, input, output }: SimulatedOperation): SimulatedOperation['output'] {
  return phase === 'ok' && answers.has(op) ? output : input;
}

const answers = new Set(['read', 'dequeue', 'pop', 'txn', 'contains']);
