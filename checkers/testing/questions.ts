import type { Json } from '../../core/json.ts';
import type { Question, Questions } from './random-history.ts';

/** Values that a small history can have written, with null for "nothing yet". */
const small: readonly Json[] = [null, ...Array.from({ length: 9 }, (_, at) => at + 1)];

const read: Question = { op: 'read', value: null, answers: small };
const writeOf = (value: Json): Question => ({ op: 'write', value, answers: [value] });

const registerOps: Questions = (draw, rng) =>
  rng.float() < 0.5 ? read : writeOf(rng.float() < 0.1 ? null : draw());

/** Writes only new values when the values drawn are new, as the monitor for registers wants it. */
const casRegisterOps: Questions = (draw, rng) => {
  const kind = rng.float();
  if (kind < 0.4) return read;
  if (kind < 0.7) return writeOf(draw());
  const from = rng.pick(small.slice(0, 4));
  const pair: Json = [from, draw()];
  return { op: 'cas', value: pair, answers: [pair] };
};

const texts = ['', 'a', 'b', 'aa', 'ab', 'ba', 'bb', 'aab', 'aba', 'abb'];

const kvOps: Questions = (_draw, rng) => {
  const kind = rng.float();
  const letter = rng.pick(['a', 'b']);
  if (kind < 0.4) return { op: 'get', value: null, answers: [null, ...texts] };
  if (kind < 0.5) return { op: 'put', value: letter, answers: [letter] };
  if (kind < 0.6) return { op: 'delete', value: null, answers: [null] };
  return { op: 'append', value: letter, answers: [letter] };
};

const sequenceOps =
  (insertion: string, removal: string): Questions =>
  (draw, rng) => {
    if (rng.float() < 0.5) return { op: removal, value: null, answers: small };
    const value = draw();
    return { op: insertion, value, answers: [value] };
  };

const setOps: Questions = (draw, rng) => {
  const element = draw();
  const kind = rng.float();
  if (kind < 0.4) {
    const answers = [true, false].map((found): Json => [element, found]);
    return { op: 'contains', value: element, answers };
  }
  return { op: kind < 0.7 ? 'add' : 'remove', value: element, answers: [element] };
};

const counterOps: Questions = (_draw, rng) => {
  if (rng.float() < 0.5) {
    return { op: 'read', value: null, answers: Array.from({ length: 15 }, (_, at) => at - 5) };
  }
  const value = rng.int(-1, 2);
  return { op: 'add', value, answers: [value] };
};

const transactions: Questions = (draw, rng) => {
  const micros = Array.from({ length: rng.int(1, 2) }, (): [string, string, Json] =>
    rng.float() < 0.5 ? ['r', rng.pick(['x', 'y']), null] : ['w', rng.pick(['x', 'y']), draw()],
  );
  return { op: 'txn', value: micros, answers: answersTo(micros) };
};

/** Every way to fill in what the reads of a transaction might have seen. */
function answersTo(micros: readonly (readonly [string, string, Json])[]): readonly Json[] {
  let answers: Json[][] = [[]];
  for (const [kind, key, value] of micros) {
    const seen = kind === 'r' ? small : [value];
    answers = answers.flatMap((done) => seen.map((each): Json[] => [...done, [kind, key, each]]));
  }
  return answers;
}

const lockOps: Questions = (_draw, rng) => ({
  op: rng.pick(['acquire', 'release']),
  value: null,
  answers: [null],
});

/** What to ask of each model in random tests. */
export const questionsFor: Readonly<Record<string, Questions>> = {
  register: registerOps,
  'cas-register': casRegisterOps,
  kv: kvOps,
  'kv-string': kvOps,
  mutex: lockOps,
  'fifo-queue': sequenceOps('enqueue', 'dequeue'),
  stack: sequenceOps('push', 'pop'),
  'priority-queue': sequenceOps('enqueue', 'dequeue'),
  set: setOps,
  counter: counterOps,
  'multi-register': transactions,
};
