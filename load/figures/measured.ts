import { type Columns, isCounted, isOk, nameAt } from '../journal/columns.ts';
import { phaseCodes } from '../journal/codes.ts';
import { type Latencies, latencies } from './latencies.ts';

/** What ended within the measured part of a round. */
export interface Measured {
  readonly counts: { readonly ok: number; readonly fail: number; readonly info: number };
  /** By kind of operation: of the successful ones, from when each was due. */
  readonly latencies: Readonly<Record<string, Latencies>>;
  /** Of all kinds together. */
  readonly all: Latencies;
  /** The commonest error, with how often it came; null without any. */
  readonly commonestError: string | null;
}

/**
 * An operation belongs to the moment at which it ends: of those that a stall holds up none is lost,
 * whenever they began. What has no end when the round is over counts as `info` at its end.
 */
export function measuredIn(columns: Columns, fromNs: number, untilNs: number): Measured {
  const counts = { ok: 0, fail: 0, info: 0 };
  const byName = new Map<string, Latencies>();
  const all = latencies();
  const errors = new Map<number, number>();
  for (let at = 0; at < columns.count; at++) {
    if (!isCounted(columns, at)) continue;
    const endNs = columns.endNs[at] ?? Infinity;
    if (endNs < fromNs || (endNs >= untilNs && endNs !== Infinity)) continue;
    if (!isOk(columns, at)) {
      counts[columns.phase[at] === phaseCodes.fail ? 'fail' : 'info']++;
      const error = columns.error[at] ?? 0;
      errors.set(error, (errors.get(error) ?? 0) + 1);
      continue;
    }
    counts.ok++;
    const latencyNs = endNs - (columns.dueNs[at] ?? 0);
    const name = nameAt(columns, at);
    let own = byName.get(name);
    if (own === undefined) byName.set(name, (own = latencies()));
    own.add(latencyNs);
    all.add(latencyNs);
  }
  const [commonest] = [...errors].sort(([, one], [, other]) => other - one);
  return {
    ...{ counts, all, latencies: Object.fromEntries(byName) },
    commonestError:
      commonest === undefined
        ? null
        : `${columns.words[commonest[0]] ?? ''} (${commonest[1]} times)`,
  };
}
