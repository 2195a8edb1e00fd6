import type { OpEvent } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import { type Rng, rngOf } from '../../core/rng.ts';
import type { Model } from '../models/model.ts';
import type { Question, Questions } from './questions.ts';

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

interface Running {
  readonly question: Question;
  readonly process: number;
  answer: { readonly phase: 'ok' | 'fail'; readonly value: Json } | null;
}

type Event = Omit<OpEvent, 'index' | 'timeNs'>;

/**
 * A history that one atomic object really gave, before it is spoilt: each operation takes effect at a
 * random moment between its call and its return. Crashed ones take effect at any time, or never.
 */
export function randomHistory(model: Model, questions: Questions, shape: HistoryShape): OpEvent[] {
  const rng = rngOf(shape.seed);
  const events: Event[] = [];
  /** The question behind each event, by the event's place. */
  const asked: Question[] = [];
  const running: (Running | undefined)[] = Array.from({ length: shape.clients });
  const crashed: Running[] = [];
  const happen = atomicObject(model, rng);
  let written = 0;
  let processes = shape.clients;
  const processOf = Array.from({ length: shape.clients }, (_, client) => client);
  const draw = (): number => (shape.values === 0 ? ++written : rng.int(1, shape.values));
  const push = ({ process, question }: Running, phase: OpEvent['phase'], value: Json): void => {
    const error = phase === 'fail' ? { error: 'not possible' } : {};
    events.push({ process, phase, op: question.op, value, ...error });
    asked.push(question);
  };

  for (let issued = 0; issued < shape.operations || running.some((one) => one !== undefined);) {
    const client = rng.int(0, shape.clients - 1);
    const one = running[client];
    const late = crashed.length > 0 && rng.float() < 0.1 ? crashed.pop() : undefined;
    if (late !== undefined) happen(late);
    if (one === undefined) {
      if (issued++ >= shape.operations) continue;
      const next = { question: questions(draw, rng), process: processOf[client]!, answer: null };
      running[client] = next;
      push(next, 'invoke', next.question.value);
    } else if (one.answer === null && rng.float() < shape.crashes) {
      crashed.push(one);
      running[client] = undefined;
      processOf[client] = processes++;
      if (rng.float() < 0.7) push(one, 'info', one.question.value);
    } else if (one.answer === null) happen(one);
    else {
      running[client] = undefined;
      push(one, one.answer.phase, one.answer.value);
    }
  }
  for (let count = 0; count < shape.mutations; count++) spoil(events, asked, rng);
  return events.map((event, index) => ({ index, timeNs: index * 1000, ...event }));
}

/** Lets operations take effect, one after the other, with the answers that the object gives. */
function atomicObject(model: Model, rng: Rng): (one: Running) => void {
  const states = new Map<string | null, unknown>();
  return (one) => {
    const { process, question } = one;
    const { op, value: input } = question;
    const asked = { process, op, key: null, input, phase: 'ok' } as const;
    // A set is in parts, and which part is asked stands in the question.
    const part = model.partition({ ...asked, phase: 'info', output: null });
    const state = states.get(part) ?? model.init;
    const output = question.answer(state);
    const next = model.step(state, { ...asked, output });
    if (next.length === 0) one.answer = { phase: 'fail', value: input };
    else {
      states.set(part, rng.pick(next));
      one.answer = { phase: 'ok', value: output };
    }
  };
}

/** Replaces a result, or lets an operation that failed claim success. */
function spoil(events: Event[], asked: readonly Question[], rng: Rng): void {
  if (events.length === 0) return;
  const at = rng.int(0, events.length - 1);
  const event = events[at]!;
  if (event.phase !== 'ok' && event.phase !== 'fail') return;
  const { error: _error, ...rest } = event;
  events[at] = { ...rest, phase: 'ok', value: asked[at]!.other(event.value, rng) };
}
