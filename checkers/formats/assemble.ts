import type { Key, OpEvent } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import { BadInput, type Whereabouts } from './bad-input.ts';

/** An event as foreign formats have it, before it gets its place in the history. */
export interface LooseEvent {
  readonly process: number;
  readonly phase: OpEvent['phase'];
  readonly op: string;
  readonly key?: Key;
  readonly value: Json;
  /** Nanoseconds, from any start. */
  readonly timeNs?: number;
  readonly error?: string;
  readonly node?: string;
}

/** Turns loose events, one after another, into those of a history. */
export interface Assembler {
  event(loose: LooseEvent, where: Whereabouts): OpEvent;
}

/**
 * Numbers events, starts times at the first one and keeps them from running backwards, and checks that
 * a process does one thing at a time. In a history without times an event's place stands for its time:
 * then `timeNs` equals `index` throughout.
 */
export function createAssembler(): Assembler {
  const open = new Set<number>();
  let index = 0;
  let startNs: number | null = null;
  let lastNs = 0;
  return {
    event({ timeNs, ...loose }, where) {
      checkOrder(open, loose, where);
      if (timeNs === undefined) lastNs = index;
      else lastNs = Math.max(lastNs, Math.round(timeNs - (startNs ??= timeNs)));
      return { index: index++, timeNs: lastNs, ...loose };
    },
  };
}

function checkOrder(open: Set<number>, event: LooseEvent, where: Whereabouts): void {
  const { process, phase, op } = event;
  if (phase === 'invoke') {
    if (open.has(process)) {
      throw new BadInput(where, `the completion of what process ${process} does`, `invoke ${op}`);
    }
    open.add(process);
  } else if (!open.delete(process)) {
    throw new BadInput(where, `an invocation by process ${process} first`, `${phase} ${op}`);
  }
}

const phases: Readonly<Record<string, OpEvent['phase']>> = {
  invoke: 'invoke',
  ok: 'ok',
  fail: 'fail',
  info: 'info',
};

/** `ok` or `OK` → `ok`; throws on anything else. */
export function phaseOf(text: unknown, where: Whereabouts): OpEvent['phase'] {
  const phase = typeof text === 'string' ? phases[text.toLowerCase()] : undefined;
  if (phase !== undefined) return phase;
  throw new BadInput(where, 'a type, one of invoke, ok, fail and info', String(text));
}

/** Accepts what JSON.parse or the EDN parser gives as a key. */
export function keyOf(value: unknown, where: Whereabouts): Key {
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new BadInput(where, 'a key that is a number or a text', JSON.stringify(value));
}
