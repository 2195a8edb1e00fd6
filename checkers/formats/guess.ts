import { type HistoryEvent, isFaultEvent } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';

/** A guess, or why there is none and what to do. */
export type Guess =
  | { readonly kind: 'known'; readonly name: string }
  | { readonly kind: 'unknown'; readonly reason: string };

const known = (name: string): Guess => ({ kind: 'known', name });

/** Guesses a history's format from its file's name and the first few kilobytes of its text. */
export function guessFormat(fileName: string, beginning: string): Guess {
  const text = beginning.trimStart();
  if (/^INFO\s+jepsen\.util\s/m.test(text)) return known('jepsen-log');
  if (/^(?:[[(]|;[^\n]*\n|\s)*\{\s*:/.test(text)) return known('jepsen-edn');
  if (/^\[\s*\{\s*"/.test(text)) return known('jepsen-json');
  const firstLine = text.split('\n', 1)[0] ?? '';
  if (/^\{\s*"/.test(firstLine)) {
    if (/"phase"\s*:/.test(firstLine)) return known('dtest-jsonl');
    if (/"type"\s*:\s*"[A-Z]+"/.test(firstLine)) return known('upper-jsonl');
    if (/"type"\s*:/.test(firstLine)) return known('jsonl');
  }
  if (/^[rw] \S+ \S+\s*$/.test(firstLine)) return known('session-txt');
  if (text === '') return fileName.endsWith('.edn') ? known('jepsen-edn') : known('dtest-jsonl');
  return {
    kind: 'unknown',
    reason:
      `its beginning looks like none of the known formats: ` +
      `it is ${JSON.stringify(firstLine.slice(0, 60))}; name one with --format`,
  };
}

/** How many events a guess looks at. */
const enough = 10_000;

/** Guesses what the operations of a history mean from their names and some of their values. */
export function guessModel(events: Iterable<HistoryEvent>): Guess {
  const names = new Set<string>();
  const read: Json[] = [];
  const microOperations = new Set<Json>();
  let seen = 0;
  for (const event of events) {
    if (isFaultEvent(event)) continue;
    if (++seen > enough) break;
    names.add(event.op);
    if (event.op === 'read' && event.phase === 'ok' && event.value !== null) read.push(event.value);
    if (event.op !== 'txn' || !Array.isArray(event.value)) continue;
    for (const each of event.value as readonly Json[]) {
      if (Array.isArray(each)) microOperations.add(each[0] as Json);
    }
  }
  if (names.has('txn')) return byMicroOperations(microOperations);
  return byReads(names, read) ?? byNames(names);
}

const byOperations: readonly (readonly [readonly string[], string])[] = [
  [['read', 'write'], 'register'],
  [['read', 'write', 'cas'], 'cas-register'],
  [['get', 'put', 'append', 'delete'], 'kv-string'],
  [['read', 'write', 'append', 'delete'], 'kv'],
  [['enqueue', 'dequeue'], 'fifo-queue'],
  [['push', 'pop'], 'stack'],
  [['acquire', 'release'], 'mutex'],
  [['add', 'read'], 'counter'],
  [['add', 'remove', 'contains'], 'set'],
];

function byNames(names: ReadonlySet<string>): Guess {
  for (const [operations, name] of byOperations) {
    if ([...names].every((each) => operations.includes(each))) return known(name);
  }
  return nothing(`no model has all of these operations: ${[...names].sort().join(', ')}`);
}

/** Some histories read more than one value at a time, which no model here does outside a `txn`. */
function byReads(names: ReadonlySet<string>, read: readonly Json[]): Guess | null {
  if (names.has('write')) return null;
  const first = read.find((value) => typeof value === 'object');
  if (first === undefined) return null;
  if (names.has('add')) return nothing('a set that is read whole has no model here');
  return Array.isArray(first)
    ? nothing('reads of several keys at once have no model here')
    : nothing('reads of balances have no model here');
}

function byMicroOperations(kinds: ReadonlySet<Json>): Guess {
  if (kinds.has('append')) return nothing('list-append transactions have no model here');
  return known('multi-register');
}

function nothing(reason: string): Guess {
  return { kind: 'unknown', reason: `${reason}; name the model with --model` };
}
