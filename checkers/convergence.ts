import type { Checker } from '../core/checker.ts';
import type { OpEvent } from '../core/event.ts';
import { type Operation, operationsOf } from '../core/history.ts';
import type { Json } from '../core/json.ts';
import {
  type Tally,
  clockOf,
  createTally,
  evidenceOf,
  mostExamples,
  objectsOf,
  outcomeOf,
  successOf,
  verdictOf,
} from './findings.ts';
import { valueKey, valueText, wordsOf } from './models/value.ts';

export interface ConvergenceOptions {
  /** The operations that leave everything as it is, `read` and `get` by default; all others update. */
  readonly readings?: readonly string[];
  /** Whether the order of a list that was read matters; it does by default, and not for sets. */
  readonly order?: 'matters' | 'ignored';
  /**
   * Milliseconds after which an update of unknown outcome has happened everywhere or never will. Without
   * it, reads that disagree after such an update prove nothing.
   */
  readonly settleMs?: number;
}

interface Looking {
  readonly at: (event: OpEvent) => string;
  readonly diverged: Tally;
  readonly perhaps: Tally;
  readonly nameOf: (value: Json) => string | number;
  readonly settleNs: number;
  agreed: number;
  alone: number;
  unread: number;
}

/**
 * Eventual consistency: once all updates of a key are over, its replicas come to agree. Final reads are
 * those that began after the last update of their key had returned; of each node (of each process,
 * where nobody recorded nodes) the last one counts, and all of these must show the same value. When they
 * came to agree does not matter. Each key is judged by itself; time is n log n. Replicas that an update
 * reaches only after the last read are not found, nor are values that all agree on and nobody wrote.
 */
export function convergence(options: ConvergenceOptions = {}): Checker {
  const { readings = ['read', 'get'], order = 'matters', settleMs = Infinity } = options;
  return {
    name: 'convergence',
    summary: 'after the last update of a key, the last reads of all nodes agree on it',
    check(history) {
      const operations = operationsOf(history);
      const looking: Looking = {
        at: clockOf(operations),
        diverged: createTally(),
        perhaps: createTally(),
        nameOf: order === 'matters' ? valueKey : nameOfBag,
        settleNs: settleMs * 1e6,
        agreed: 0,
        alone: 0,
        unread: 0,
      };
      for (const [key, own] of objectsOf(operations)) checkKey(looking, { key, own, readings });
      const { diverged, perhaps, agreed, alone, unread } = looking;
      return verdictOf({
        checker: 'convergence',
        convicting: { diverged },
        reservations: reservationsOf(looking),
        praise: `the last reads of ${agreed} keys agree on every node that was asked (${alone} keys were read on one only, ${unread} on none)`,
        details: { agreed, alone, unread, perhaps: perhaps.details() },
      });
    },
  };
}

function reservationsOf({ perhaps, agreed, diverged }: Looking): string[] {
  const reservations: string[] = [];
  const first = perhaps.worst();
  if (first !== undefined) {
    reservations.push(
      `${first.words}; but an update of unknown outcome may have come in between (${perhaps.count()} such keys)`,
    );
  }
  if (agreed + diverged.count() + perhaps.count() === 0) {
    reservations.push('no key was read on two nodes after its last update');
  }
  return reservations;
}

interface KeyHistory {
  readonly key: string;
  readonly own: readonly Operation[];
  readonly readings: readonly string[];
}

function checkKey(looking: Looking, { key, own, readings }: KeyHistory): void {
  const updates = own.filter(
    (each) => !readings.includes(each.invoke.op) && outcomeOf(each) !== 'fail',
  );
  const over = updates.reduce((last, each) => Math.max(last, successOf(each)?.index ?? -1), -1);
  const lastOf = new Map<string | number, OpEvent>();
  let begin: OpEvent | undefined;
  for (const operation of own) {
    const { invoke } = operation;
    const event = successOf(operation);
    if (event === null || !readings.includes(invoke.op) || invoke.index < over) continue;
    begin ??= invoke;
    const place = event.node ?? invoke.node ?? event.process;
    const before = lastOf.get(place);
    if (before === undefined || before.index < event.index) lastOf.set(place, event);
  }
  const last = [...lastOf.values()];
  const views = Map.groupBy(last, ({ value }) => looking.nameOf(value));
  if (last.length === 0) looking.unread++;
  else if (last.length === 1) looking.alone++;
  else if (views.size === 1) looking.agreed++;
  else {
    const doubtful = updates.some(
      (each) =>
        outcomeOf(each) === 'info' && (begin?.timeNs ?? 0) - each.invoke.timeNs < looking.settleNs,
    );
    const tally = doubtful ? looking.perhaps : looking.diverged;
    tally.add(divergence(looking, key, [...views.values()]));
  }
}

/** `views` are not empty, and neither is any of them. */
function divergence({ at }: Looking, key: string, views: readonly (readonly OpEvent[])[]) {
  const bySize = views.toSorted((one, other) => other.length - one.length);
  const words = bySize.slice(0, 4).map((events) => {
    const [first] = events;
    if (first === undefined) return '';
    const more = events.length > 1 ? ` and ${events.length - 1} others` : '';
    return `${placeOf(first)}${more} read ${wordsOf(first.value)} at ${at(first)}`;
  });
  const left = bySize.length > 4 ? `, and ${bySize.length - 4} other values` : '';
  return {
    severity: views.length,
    words: `after all updates${key === '' ? '' : ` of key ${JSON.stringify(key)}`}, ${words.join(', but ')}${left}`,
    evidence: {
      key,
      views: bySize.slice(0, mostExamples).map((events) => ({
        value: evidenceOf(events[0]?.value ?? null),
        readers: events.slice(0, mostExamples).map(placeOf),
        indexes: events.slice(0, mostExamples).map(({ index }) => index),
      })),
    },
  };
}

function placeOf({ node, process }: OpEvent): string {
  return node === undefined ? `process ${process}` : `node ${node}`;
}

/** The same for lists with the same elements, however they are ordered. */
function nameOfBag(value: Json): string | number {
  if (!Array.isArray(value)) return valueKey(value);
  const names = (value as readonly Json[]).map(valueText);
  return `[${names.sort().join(',')}]`;
}
