import type { OpEvent } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import { type Rng, rngOf } from '../../core/rng.ts';
import type { Model, ModelOperation } from '../models/model.ts';

/** What to draw: a few operations on one object by a few clients, sometimes spoilt. */
export interface HistoryShape {
  readonly seed: number;
  readonly operations: number;
  readonly clients: number;
  /** Share of operations whose outcome stays unknown. */
  readonly crashes: number;
  /** How many results are replaced by others, which may or may not break the history. */
  readonly mutations: number;
  /** Values are drawn from so many; 0 makes every written value new. */
  readonly values: number;
}

/** What may be asked of a model, and all that it might answer. */
export type Question = Pick<OpEvent, 'op' | 'value'> & { readonly answers: readonly Json[] };

export type Questions = (draw: () => number, rng: Rng) => Question;

interface Running {
  readonly question: Question;
  readonly process: number;
  answer: { readonly phase: 'ok' | 'fail'; readonly value: Json } | null;
}

/**
 * A history that one atomic object really gave, before it is spoilt: each operation takes effect at a
 * random moment between its call and its return. Crashed ones take effect at any time, or never.
 */
export function randomHistory(model: Model, questions: Questions, shape: HistoryShape): OpEvent[] {
  const rng = rngOf(shape.seed);
  const events: Omit<OpEvent, 'index' | 'timeNs'>[] = [];
  const running: (Running | undefined)[] = Array.from({ length: shape.clients });
  const crashed: Running[] = [];
  const states = new Map<string | null, unknown>();
  let written = 0;
  let processes = shape.clients;
  const processOf = Array.from({ length: shape.clients }, (_, client) => client);
  const draw = (): number => (shape.values === 0 ? ++written : rng.int(1, shape.values));

  /** Lets an operation take effect now, with an answer that the model allows. */
  const happen = (one: Running): void => {
    const { op, value, answers } = one.question;
    for (const output of rng.shuffle(answers)) {
      const { process } = one;
      const operation: ModelOperation = {
        process,
        op,
        key: null,
        input: value,
        output,
        phase: 'ok',
      };
      const part = model.partition(operation);
      const [next] = model.step(states.get(part) ?? model.init, operation);
      if (next === undefined) continue;
      states.set(part, next);
      one.answer = { phase: 'ok', value: output };
      return;
    }
    one.answer = { phase: 'fail', value };
  };

  for (let issued = 0; issued < shape.operations || running.some((one) => one !== undefined);) {
    const client = rng.int(0, shape.clients - 1);
    const one = running[client];
    const late = crashed.length > 0 && rng.float() < 0.1 ? crashed.pop() : undefined;
    if (late !== undefined) happen(late);
    if (one === undefined) {
      if (issued++ >= shape.operations) continue;
      const question = questions(draw, rng);
      const process = processOf[client] ?? 0;
      running[client] = { question, process, answer: null };
      events.push({ process, phase: 'invoke', op: question.op, value: question.value });
    } else if (one.answer === null && rng.float() < shape.crashes) {
      crashed.push(one);
      running[client] = undefined;
      processOf[client] = processes++;
      const { op, value } = one.question;
      if (rng.float() < 0.7) events.push({ process: one.process, phase: 'info', op, value });
    } else if (one.answer === null) happen(one);
    else {
      running[client] = undefined;
      const { phase, value } = one.answer;
      const error = phase === 'fail' ? { error: 'not possible' } : {};
      events.push({ process: one.process, phase, op: one.question.op, value, ...error });
    }
  }
  spoil(events, { questions, rng, shape });
  return events.map((event, index) => ({ index, timeNs: index * 1000, ...event }));
}

/** Replaces some results, and lets some operations that failed claim success. */
function spoil(
  events: Omit<OpEvent, 'index' | 'timeNs'>[],
  { questions, rng, shape }: { questions: Questions; rng: Rng; shape: HistoryShape },
): void {
  const range = Math.max(1, shape.values === 0 ? events.length : shape.values);
  for (let count = 0; count < shape.mutations && events.length > 0; count++) {
    const at = rng.int(0, events.length - 1);
    const event = events[at];
    if (event?.phase === 'fail') events[at] = { ...event, phase: 'ok' };
    if (event?.phase !== 'ok') continue;
    const other = questions(() => rng.int(1, range), rng);
    if (other.op !== event.op) continue;
    events[at] = { ...event, value: spoiltValue(event, rng.pick(other.answers), rng) };
  }
}

/** Another answer to the same question: what was asked stays as it was. */
function spoiltValue({ op, value }: Pick<OpEvent, 'op' | 'value'>, other: Json, rng: Rng): Json {
  if (!Array.isArray(value)) return other;
  const [first = null] = value as readonly Json[];
  if (op === 'contains') return [first, rng.float() < 0.5];
  if (op !== 'txn') return value as readonly Json[];
  return (value as readonly (readonly Json[])[]).map(([kind = null, key = null, seen = null]) =>
    kind === 'r' ? [kind, key, rng.pick([null, 1, 2])] : [kind, key, seen],
  );
}
