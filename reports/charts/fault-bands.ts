import type { FaultEvent } from '../../core/event.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { shorten } from '../markup/visible.ts';

/** One fault over time, in seconds: coming on from `begin`, in force from `active` to `heal`, over at `end`. */
export interface FaultBand {
  readonly kind: string;
  /** What it is called, longest first; a chart takes the first that fits. */
  readonly labels: readonly string[];
  readonly beginS: number;
  /** Null for a fault that could not be put in force. */
  readonly activeS: number | null;
  readonly healS: number;
  readonly endS: number;
  readonly failed: boolean;
  /** Overlapping faults stand in different lanes. */
  readonly lane: number;
}

/** Faults drawn; a longer run says that it shows the first of them. */
export const maximumBands = 400;
const maximumLanes = 4;

/** Bands in order of their beginning. A fault without an end lasts to `lastNs`. */
export function faultBands(events: readonly FaultEvent[], lastNs: number): FaultBand[] {
  const byId = new Map<number, FaultEvent[]>();
  for (const event of events) {
    const known = byId.get(event.faultId);
    if (known !== undefined) known.push(event);
    else if (byId.size < maximumBands) byId.set(event.faultId, [event]);
  }
  const freeFromS: number[] = [];
  return [...byId.values()]
    .map((all) => bandOf(all, lastNs))
    .sort((a, b) => a.beginS - b.beginS)
    .map((band) => {
      const free = freeFromS.findIndex((fromS) => fromS <= band.beginS);
      const lane = Math.min(free === -1 ? freeFromS.length : free, maximumLanes - 1);
      freeFromS[lane] = band.endS;
      return { ...band, lane };
    });
}

function bandOf(events: readonly FaultEvent[], lastNs: number): Omit<FaultBand, 'lane'> {
  const timeOf = (phase: FaultEvent['phase']): number | undefined =>
    events.find((event) => event.phase === phase)?.timeNs;
  const first = events[0];
  const failedNs = timeOf('failed');
  const activeNs = timeOf('active');
  const endNs = timeOf('end') ?? failedNs ?? lastNs;
  const kind = shorten(first?.fault ?? 'fault', 24);
  return {
    kind,
    labels: labelsOf(kind, events, failedNs !== undefined),
    beginS: (first?.timeNs ?? 0) / 1e9,
    activeS: activeNs === undefined ? null : activeNs / 1e9,
    healS: (timeOf('heal') ?? endNs) / 1e9,
    endS: endNs / 1e9,
    failed: failedNs !== undefined,
  };
}

function labelsOf(kind: string, events: readonly FaultEvent[], failed: boolean): string[] {
  const mark = failed ? ' (failed)' : '';
  const values = events.map((event) => event.value).filter(isObject);
  const textOf = (name: string): string | undefined =>
    values.map((value) => value[name]).find((value) => typeof value === 'string');
  const summary = textOf('summary');
  const variant = textOf('variant');
  return [
    ...(summary === undefined ? [] : [`${kind}: ${shorten(summary, 60)}${mark}`]),
    ...(variant === undefined ? [] : [`${kind} ${shorten(variant, 30)}${mark}`]),
    `${kind}${mark}`,
    kind,
    kind.slice(0, 3),
  ];
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
