import type { FaultEvent } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import type { LooseFault } from './assemble.ts';

/** What a line of the nemesis says, before it is known to be of a fault. */
export interface NemesisLine {
  readonly f: string;
  readonly value: Json;
  readonly timeNs?: number | undefined;
  /** These three only dtest's own export has; with them nothing is left to interpret. */
  readonly fault?: Json | undefined;
  readonly faultPhase?: Json | undefined;
  readonly faultId?: Json | undefined;
}

interface Meaning {
  readonly fault: string;
  readonly does: 'strike' | 'cure';
}

/** Reads the lines of one history, in order; null for what begins or ends no fault. */
export type FaultReader = (line: NemesisLine) => LooseFault | null;

/**
 * Makes faults of what Jepsen's nemesis logs. It has one type, `info`, for asking and for having done, so
 * an `:f` that comes twice in a row is first the one and then the other. A cure without a fault, as many
 * tests end with, is of no fault.
 */
export function createFaultReader(): FaultReader {
  const open = new Map<string, number>();
  let faults = 0;
  let asked: { readonly f: string; readonly meaning: Meaning } | null = null;

  return (line) => {
    const exact = exactFault(line);
    if (exact !== null) return exact;
    const { f, value, timeNs } = line;
    const isDone = asked !== null && asked.f === f;
    const meaning: Meaning | null = isDone && asked !== null ? asked.meaning : meaningOf(f, open);
    asked = isDone || meaning === null ? null : { f, meaning };
    if (meaning === null) return null;
    const { fault, does } = meaning;
    if (does === 'strike' && !isDone) open.set(fault, faults++);
    const faultId = open.get(fault);
    if (faultId === undefined) return null;
    if (does === 'cure' && isDone) open.delete(fault);
    return { phase: phaseOf[does][isDone ? 1 : 0], fault, faultId, value, timeNs };
  };
}

const phaseOf = { strike: ['begin', 'active'], cure: ['heal', 'end'] } as const;

/** The words of `jepsen.nemesis` and `jepsen.nemesis.combined`. */
const words: Readonly<Record<string, Meaning>> = {
  stop: { fault: 'nemesis', does: 'cure' },
  kill: { fault: 'kill', does: 'strike' },
  restart: { fault: 'kill', does: 'cure' },
  pause: { fault: 'pause', does: 'strike' },
  resume: { fault: 'pause', does: 'cure' },
  bump: { fault: 'clock', does: 'strike' },
  strobe: { fault: 'clock', does: 'strike' },
  scramble: { fault: 'clock', does: 'strike' },
  reset: { fault: 'clock', does: 'cure' },
};

function meaningOf(f: string, open: ReadonlyMap<string, number>): Meaning | null {
  const [, verb, fault] = /^(start|stop)-(.+)$/.exec(f) ?? [];
  if (fault !== undefined) return { fault, does: verb === 'start' ? 'strike' : 'cure' };
  // `start` brings killed nodes back where nodes are killed, and begins the one fault there is elsewhere.
  if (f === 'start') {
    return open.has('kill') ? (words.restart ?? null) : { fault: 'nemesis', does: 'strike' };
  }
  return Object.hasOwn(words, f) ? (words[f] ?? null) : null;
}

const phases: readonly unknown[] = ['begin', 'active', 'heal', 'end', 'failed'];

function exactFault({ fault, faultPhase, faultId, value, timeNs }: NemesisLine): LooseFault | null {
  if (typeof fault !== 'string' || typeof faultId !== 'number') return null;
  if (!phases.includes(faultPhase)) return null;
  return { phase: faultPhase as FaultEvent['phase'], fault, faultId, value, timeNs };
}
