import type { HistoryEvent, Op } from '../core/event.ts';
import type { GeneratorContext, Next, OpGenerator } from '../core/generator.ts';
import type { Rng } from '../core/rng.ts';

/** Nothing, at once. */
export const none: OpGenerator = { next: () => ({ kind: 'done' }), update: () => none };

/** An endless stream of independent operations. */
export function endless(draw: (rng: Rng) => Op): OpGenerator {
  const self: OpGenerator = {
    next: (context) => ({ kind: 'op', draw: { op: draw(context.rng) }, then: self }),
    update: () => self,
  };
  return self;
}

/** These operations, in this order, each once. */
export function sequence(ops: readonly Op[], from = 0): OpGenerator {
  const op = ops[from];
  if (op === undefined) return none;
  const self: OpGenerator = {
    next: () => ({ kind: 'op', draw: { op }, then: sequence(ops, from + 1) }),
    update: () => self,
  };
  return self;
}

/** At most `count` operations of another generator. */
export function limit(count: number, inner: OpGenerator): OpGenerator {
  if (count <= 0) return none;
  return wrap(
    inner,
    (then) => limit(count - 1, then),
    (then) => limit(count, then),
  );
}

/** A random one of several generators each time; one that is done drops out. */
export function mix(parts: readonly OpGenerator[]): OpGenerator {
  return {
    next(context) {
      let pending: Next | undefined;
      let left = parts;
      for (const at of context.rng.shuffle(parts.map((_, index) => index))) {
        const next = (parts[at] as OpGenerator).next(context);
        const replace = (then: OpGenerator): OpGenerator =>
          mix(left.map((part) => (part === parts[at] ? then : part)));
        if (next.kind === 'op') return { ...next, then: replace(next.then) };
        if (next.kind === 'pending') pending ??= { ...next, then: replace(next.then) };
        else left = left.filter((part) => part !== parts[at]);
      }
      return pending ?? { kind: 'done' };
    },
    update: (event) => mix(parts.map((part) => part.update(event))),
  };
}

/** One generator after another, each to its end. */
export function phases(...parts: readonly OpGenerator[]): OpGenerator {
  const [first, ...rest] = parts;
  if (first === undefined) return none;
  const self: OpGenerator = {
    next(context) {
      const next = first.next(context);
      if (next.kind === 'done') return phases(...rest).next(context);
      return { ...next, then: phases(next.then, ...rest) };
    },
    update: (event) => updated(self, first, event, (inner) => phases(inner, ...rest)),
  };
  return self;
}

/** Until a moment, in nanoseconds of the run's clock. */
export function timeLimit(endNs: number, inner: OpGenerator): OpGenerator {
  const self: OpGenerator = {
    next(context) {
      if (context.timeNs >= endNs) return { kind: 'done' };
      const next = inner.next(context);
      if (next.kind === 'done') return next;
      if (next.kind === 'op') {
        if ((next.draw.dueNs ?? 0) >= endNs) return { kind: 'done' };
        return { ...next, then: timeLimit(endNs, next.then) };
      }
      const untilNs = Math.min(next.untilNs ?? endNs, endNs);
      return { kind: 'pending', untilNs, then: timeLimit(endNs, next.then) };
    },
    update: (event) => updated(self, inner, event, (then) => timeLimit(endNs, then)),
  };
  return self;
}

/**
 * Gives operations due times at a rate, whoever is busy: with `poisson` arrivals the gaps are
 * exponential, else all equal. An operation that finds no free worker keeps its due time, so that a
 * stalled system cannot hide its stall.
 */
export function arrivals(options: {
  readonly opsPerSecond: number;
  readonly poisson: boolean;
  readonly startNs: number;
  readonly inner: OpGenerator;
}): OpGenerator {
  const { opsPerSecond, poisson, startNs, inner } = options;
  const gapNs = 1e9 / opsPerSecond;
  const self: OpGenerator = {
    next(context) {
      const next = inner.next(context);
      if (next.kind !== 'op') return next;
      const afterNs = startNs + (poisson ? context.rng.exponential(gapNs) : gapNs);
      const then = arrivals({ ...options, startNs: afterNs, inner: next.then });
      return { kind: 'op', draw: { ...next.draw, dueNs: startNs }, then };
    },
    update: (event) => updated(self, inner, event, (then) => arrivals({ ...options, inner: then })),
  };
  return self;
}

/**
 * Repeats a generator's operation until one of that name succeeds; for final reads, which must come
 * through once the cluster has healed.
 */
export function untilOk(op: Op): OpGenerator {
  const waiting: OpGenerator = {
    next: () => ({ kind: 'pending', then: waiting }),
    update: (event: HistoryEvent) => {
      if (event.process === 'nemesis' || event.op !== op.op || event.key !== op.key) return waiting;
      if (event.phase === 'ok') return none;
      return event.phase === 'invoke' ? waiting : trying;
    },
  };
  const trying: OpGenerator = {
    next: () => ({ kind: 'op', draw: { op }, then: waiting }),
    update: () => trying,
  };
  return trying;
}

function wrap(
  inner: OpGenerator,
  afterOp: (then: OpGenerator) => OpGenerator,
  otherwise: (then: OpGenerator) => OpGenerator,
): OpGenerator {
  const self: OpGenerator = {
    next(context: GeneratorContext) {
      const next = inner.next(context);
      if (next.kind === 'done') return next;
      return { ...next, then: next.kind === 'op' ? afterOp(next.then) : otherwise(next.then) };
    },
    update: (event) => updated(self, inner, event, otherwise),
  };
  return self;
}

/** A generator that an event leaves as it was stays the same object: nobody need ask it again then. */
function updated(
  self: OpGenerator,
  inner: OpGenerator,
  event: HistoryEvent,
  around: (inner: OpGenerator) => OpGenerator,
): OpGenerator {
  const after = inner.update(event);
  return after === inner ? self : around(after);
}
