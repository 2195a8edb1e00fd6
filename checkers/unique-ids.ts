import type { Checker } from '../core/checker.ts';
import type { OpEvent } from '../core/event.ts';
import { operationsOf } from '../core/history.ts';
import {
  clockOf,
  createTally,
  evidenceOf,
  keyWords,
  objectsOf,
  successOf,
  verdictOf,
} from './findings.ts';
import { valueKey, wordsOf } from './models/value.ts';

/**
 * No identifier is handed out twice. `generate` returns one; with keys, each key is a source of its
 * own. What a crashed `generate` handed out is unknown, and other operations say nothing here. Time and
 * memory are linear in the number of identifiers. After the `unique-ids` checker of Jepsen.
 */
export const uniqueIds: Checker = {
  name: 'unique-ids',
  summary: 'no identifier was handed out twice',
  check(history) {
    const operations = operationsOf(history).filter(({ invoke }) => invoke.op === 'generate');
    const at = clockOf(operations);
    const duplicated = createTally();
    let [least, greatest] = [Infinity, -Infinity];
    let generated = 0;
    let empty = 0;
    for (const own of objectsOf(operations).values()) {
      const first = new Map<string | number, OpEvent>();
      for (const operation of own) {
        const event = successOf(operation);
        if (event === null) continue;
        const { value, process } = event;
        if (value === null) {
          empty++;
          continue;
        }
        generated++;
        if (typeof value === 'number') {
          least = Math.min(least, value);
          greatest = Math.max(greatest, value);
        }
        const before = first.get(valueKey(value));
        if (before === undefined) first.set(valueKey(value), event);
        else {
          duplicated.add({
            severity: 0,
            words: `the identifier ${wordsOf(value)}${keyWords(event)} that process ${before.process} got at ${at(before)} went to process ${process} at ${at(event)} too`,
            evidence: { value: evidenceOf(value), first: before.index, again: event.index },
          });
        }
      }
    }
    const reservations: string[] = [];
    if (generated === 0) reservations.push('no identifier was handed out');
    if (empty > 0)
      reservations.push(`expected an identifier from each generate, got null ${empty} times`);
    return verdictOf({
      checker: 'unique-ids',
      convicting: { duplicated },
      reservations,
      praise: `${generated} identifiers, all different`,
      details: {
        attempted: operations.length,
        generated,
        ...(least <= greatest ? { least, greatest } : {}),
      },
    });
  },
};
