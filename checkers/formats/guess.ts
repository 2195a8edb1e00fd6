import { type HistoryEvent, isFaultEvent } from '../../core/event.ts';

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
  if (text === '') return fileName.endsWith('.edn') ? known('jepsen-edn') : known('dtest-jsonl');
  return {
    kind: 'unknown',
    reason:
      `the beginning of ${fileName} looks like none of the known formats: ` +
      `it is ${JSON.stringify(firstLine.slice(0, 60))}; name one with --format`,
  };
}

/** How many events a guess looks at. */
const enough = 10_000;

/** Guesses what the operations of a history mean from their names and, for `txn`, their values. */
export function guessModel(events: Iterable<HistoryEvent>): Guess {
  const names = new Set<string>();
  let sample: unknown = null;
  let seen = 0;
  for (const event of events) {
    if (isFaultEvent(event)) continue;
    names.add(event.op);
    if (event.phase === 'ok' && event.op === 'read') sample ??= event.value;
    if (event.op === 'txn') sample = [sample, event.value].flat(4);
    if (names.has('txn') || ++seen >= enough) break;
  }
  return byNames(names, sample);
}

const byOperations: readonly (readonly [readonly string[], string])[] = [
  [['read', 'write'], 'register'],
  [['read', 'write', 'cas'], 'cas-register'],
  [['get', 'put', 'append', 'delete'], 'kv-string'],
  [['read', 'write', 'append', 'delete'], 'kv'],
  [['enqueue', 'dequeue'], 'fifo-queue'],
  [['push', 'pop'], 'stack'],
  [['acquire', 'release'], 'mutex'],
  [['add', 'remove', 'contains'], 'set'],
];

function byNames(names: ReadonlySet<string>, sample: unknown): Guess {
  const all = [...names].sort().join(', ');
  if (names.size === 0) return known('register');
  if (names.has('txn')) return byMicroOperations(sample);
  if (names.has('add') && names.has('read')) {
    return typeof sample === 'number' || sample === null
      ? known('counter')
      : nothing(`a set that is read whole (${all}) has no model here`);
  }
  for (const [operations, name] of byOperations) {
    if ([...names].every((each) => operations.includes(each))) return known(name);
  }
  return nothing(`no model has all of these operations: ${all}`);
}

function byMicroOperations(sample: unknown): Guess {
  const kinds = Array.isArray(sample) ? sample : [];
  if (kinds.includes('append')) return nothing('list-append transactions have no model here');
  return known('multi-register');
}

function nothing(reason: string): Guess {
  return { kind: 'unknown', reason: `${reason}; name the model with --model` };
}
