import type { OpEvent } from '../../core/event.ts';
import type { Rng } from '../../core/rng.ts';
import type { Model } from '../models/model.ts';

/** What is known of a changed history from how it was changed, if the one before was linearizable. */
export type Consequence = 'valid' | 'invalid' | 'open';

export interface Mutation {
  readonly name: string;
  /** The changed history; null when nothing in it can be changed so. */
  apply(events: readonly OpEvent[], rng: Rng, model: Model): Mutated | null;
}

export interface Mutated {
  readonly events: readonly OpEvent[];
  readonly consequence: Consequence;
}

/** An operation's events by their places. */
interface Span {
  readonly call: number;
  readonly return: number;
}

/** Ways in which a history can go wrong or, the last two, can be less sure than it was. */
export const mutations: readonly Mutation[] = [
  {
    name: 'swap the answers of two operations',
    apply(events, rng) {
      const one = pickReturn(events, rng, 'ok');
      if (one === null) return null;
      const others = returns(events, 'ok').filter((at) => {
        const { op, value } = events[at]!;
        const { op: wanted, value: given } = events[one]!;
        return op === wanted && JSON.stringify(value) !== JSON.stringify(given);
      });
      if (others.length === 0) return null;
      const other = rng.pick(others);
      const swapped = events
        .with(one, { ...events[one]!, value: events[other]!.value })
        .with(other, { ...events[other]!, value: events[one]!.value });
      return open(swapped);
    },
  },
  {
    name: 'let an operation return as soon as it was called',
    apply(events, rng) {
      const span = pickSpan(events, rng);
      return span === null ? null : open(moved(events, span.return, span.call + 1));
    },
  },
  {
    name: 'call an operation only just before it returned',
    apply(events, rng) {
      const span = pickSpan(events, rng);
      return span === null ? null : open(moved(events, span.call, span.return - 1));
    },
  },
  {
    name: 'drop an operation',
    apply(events, rng) {
      const span = pickSpan(events, rng);
      if (span === null) return null;
      return open(events.filter((_, at) => at !== span.call && at !== span.return));
    },
  },
  {
    name: 'do an operation twice, with the same answer',
    apply(events, rng) {
      const span = pickSpan(events, rng);
      if (span === null) return null;
      const again = rng.int(span.return + 1, events.length);
      return open(events.toSpliced(again, 0, ...byNewProcess(events, span)));
    },
  },
  {
    name: 'claim that a crashed operation succeeded',
    apply(events, rng) {
      const at = pickReturn(events, rng, 'info');
      if (at === null) return null;
      const { op, value } = events[at]!;
      const answers = returns(events, 'ok').filter((each) => events[each]!.op === op);
      if (value === null && answers.length === 0) return null;
      const answer = value ?? events[rng.pick(answers)]!.value;
      return open(events.with(at, { ...events[at]!, phase: 'ok', value: answer }));
    },
  },
  {
    name: 'do an operation first of all that the object at first cannot do',
    apply(events, rng, model) {
      const impossible = spans(events).filter((span) => !canBeFirst(model, events, span));
      if (impossible.length === 0) return null;
      const first = byNewProcess(events, rng.pick(impossible));
      return { events: [...first, ...events], consequence: 'invalid' };
    },
  },
  {
    name: 'let an operation take longer',
    apply(events, rng) {
      const span = pickSpan(events, rng);
      if (span === null) return null;
      const { process } = events[span.call]!;
      const next = events.findIndex((each, at) => at > span.return && each.process === process);
      const latest = next < 0 ? events.length - 1 : next - 1;
      const longer = moved(events, span.return, rng.int(span.return, latest));
      const previous = events.findLastIndex(
        (each, at) => at < span.call && each.process === process,
      );
      const both = moved(longer, span.call, rng.int(previous + 1, span.call));
      return { events: both, consequence: 'valid' };
    },
  },
  {
    name: 'lose the answer of an operation',
    apply(events, rng) {
      const at = pickReturn(events, rng, 'ok');
      if (at === null) return null;
      return { events: events.with(at, { ...events[at]!, phase: 'info' }), consequence: 'valid' };
    },
  },
];

function open(events: readonly OpEvent[]): Mutated {
  return { events, consequence: 'open' };
}

function returns(events: readonly OpEvent[], phase: OpEvent['phase']): number[] {
  return [...events.keys()].filter((at) => events[at]!.phase === phase);
}

function pickReturn(events: readonly OpEvent[], rng: Rng, phase: OpEvent['phase']): number | null {
  const all = returns(events, phase);
  return all.length === 0 ? null : rng.pick(all);
}

/** Operations that succeeded. */
function spans(events: readonly OpEvent[]): Span[] {
  return returns(events, 'ok').map((at) => {
    const { process } = events[at]!;
    const call = events.findLastIndex((each, place) => place < at && each.process === process);
    return { call, return: at };
  });
}

function pickSpan(events: readonly OpEvent[], rng: Rng): Span | null {
  const all = spans(events);
  return all.length === 0 ? null : rng.pick(all);
}

function moved(events: readonly OpEvent[], from: number, to: number): OpEvent[] {
  return events.toSpliced(from, 1).toSpliced(to, 0, events[from]!);
}

/** The same operation, by someone who does nothing else. */
function byNewProcess(events: readonly OpEvent[], span: Span): readonly OpEvent[] {
  const process = Math.max(...events.map((each) => each.process)) + 1;
  return [events[span.call]!, events[span.return]!].map((event) => ({ ...event, process }));
}

function canBeFirst(model: Model, events: readonly OpEvent[], span: Span): boolean {
  const { process, op, key = null, value: input } = events[span.call]!;
  const output = events[span.return]!.value;
  return model.step(model.init, { process, op, key, input, output, phase: 'ok' }).length > 0;
}
