import type { FaultEvent, Key, OpEvent } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import { BadInput, type Whereabouts } from './bad-input.ts';
import { createProcessOrder } from './process-order.ts';

/** An event as foreign formats have it, before it gets its place in the history. */
export interface LooseEvent {
  readonly process: number;
  readonly phase: OpEvent['phase'];
  readonly op: string;
  readonly key?: Key | undefined;
  readonly value: Json;
  /** Nanoseconds, from any start. */
  readonly timeNs?: number | undefined;
  readonly dueNs?: number | undefined;
  readonly error?: string | undefined;
  readonly node?: string | undefined;
}

/** A fault's event likewise. */
export interface LooseFault {
  readonly phase: FaultEvent['phase'];
  readonly fault: string;
  readonly faultId: number;
  readonly value: Json;
  readonly timeNs?: number | undefined;
}

/** Turns loose events, one after another, into those of a history. */
export interface Assembler {
  event(loose: LooseEvent, where: Whereabouts): OpEvent;
  fault(loose: LooseFault): FaultEvent;
}

/**
 * Numbers events, starts times at the first one and keeps them from running backwards, and checks that
 * a process does one thing at a time. In a history without times an event's place stands for its time:
 * then `timeNs` equals `index` throughout. Names and keys that are equal are one text in memory.
 */
export function createAssembler(): Assembler {
  const expectTurn = createProcessOrder();
  const texts = new Map<string, string>();
  let index = 0;
  let startNs: number | null = null;
  let lastNs = 0;

  const shared = (text: string): string => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    if (texts.size < mostShared) texts.set(text, text);
    return text;
  };
  /** Negative times are Jepsen's way to say that there is none. */
  const at = (timeNs: number | undefined): number => {
    if (timeNs === undefined || timeNs < 0) lastNs = Math.max(lastNs, startNs === null ? index : 0);
    else lastNs = Math.max(lastNs, Math.round(timeNs - (startNs ??= timeNs)));
    return lastNs;
  };

  return {
    event({ process, phase, op, key, value, timeNs, dueNs, error, node }, where) {
      expectTurn({ process, phase, op }, where);
      const when = at(timeNs);
      const event: Mutable<OpEvent> = {
        index: index++,
        timeNs: when,
        process,
        phase,
        op: shared(op),
        value,
      };
      if (key !== undefined) event.key = typeof key === 'string' ? shared(key) : key;
      if (dueNs !== undefined) event.dueNs = Math.round(dueNs - (startNs ?? 0));
      if (error !== undefined) event.error = shared(error);
      if (node !== undefined) event.node = shared(node);
      return event;
    },
    fault({ phase, fault, faultId, value, timeNs }) {
      const when = at(timeNs);
      const where = { index: index++, timeNs: when, process: 'nemesis' } as const;
      return { ...where, phase, fault: shared(fault), faultId, value };
    },
  };
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Enough for the names and keys of any history that is not made of new keys alone. */
const mostShared = 100_000;

const phases: Readonly<Record<string, OpEvent['phase']>> = {
  invoke: 'invoke',
  ok: 'ok',
  fail: 'fail',
  info: 'info',
};

/** `ok` or `OK` → `ok`; throws on anything else. */
export function phaseOf(text: unknown, where: Whereabouts): OpEvent['phase'] {
  const lower = typeof text === 'string' ? text.toLowerCase() : '';
  const phase = Object.hasOwn(phases, lower) ? phases[lower] : undefined;
  if (phase !== undefined) return phase;
  throw new BadInput(where, 'a type, one of invoke, ok, fail and info', wordsOf(text));
}

/** Accepts what JSON.parse or the EDN parser gives as a key. */
export function keyOf(value: unknown, where: Whereabouts): Key {
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new BadInput(where, 'a key that is a number or a text', wordsOf(value));
}

function wordsOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
