import type { HistoryEvent } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import { BadInput } from './bad-input.ts';
import type { HistoryFormat } from './format.ts';
import { linesOf } from './lines.ts';

/** `r KEY VALUE` or `w KEY VALUE`. */
const stepLine = /^\s*([rw])\s+(\S+)\s+(\S+)\s*$/;

/** `[r or w, key, value]`, or with null for a value that was there from the start. */
type Step = [kind: string, key: Json, value: Json];

type Session = Step[][];

/**
 * Transactions on registers as AWDIT keeps them: `r KEY VALUE` and `w KEY VALUE`, a line `-----` between
 * transactions and `=====` between sessions. A value that is read but never written was there from the
 * start, and becomes null.
 *
 * The format tells no times. A session becomes a process, and the sessions take turns: all first
 * transactions overlap, then all second ones. A history cannot but put some order on them; it means
 * nothing, so only what ignores real time (`isolation`, or a level up to strong session serializable)
 * should be asked of it. What was there from the start shows only at the end of the file, so that all of
 * it is in memory before the first event.
 */
export const sessionTxt: HistoryFormat = {
  name: 'session-txt',
  summary:
    'lines "r KEY VALUE" and "w KEY VALUE", "-----" between transactions, "=====" between sessions',
  *read(chunks, { file }) {
    const sessions = sessionsOf(chunks, file);
    forgetFirstValues(sessions);
    yield* inTurns(sessions);
  },
};

function sessionsOf(chunks: Iterable<string>, file: string): readonly Session[] {
  let transaction: Step[] = [];
  let session: Session = [transaction];
  const sessions = [session];
  for (const { text, number } of linesOf(chunks, file)) {
    const line = text.trim();
    if (line === '') continue;
    if (/^-{3,}$/.test(line)) session.push((transaction = []));
    else if (/^={3,}$/.test(line)) sessions.push((session = [(transaction = [])]));
    else transaction.push(stepOf(line, { file, line: number }));
  }
  return sessions;
}

function stepOf(line: string, where: { readonly file: string; readonly line: number }): Step {
  const [, kind = '', key = '', value = ''] = stepLine.exec(line) ?? [];
  if (kind !== '') return [kind, atomOf(key), atomOf(value)];
  throw new BadInput(where, '"r KEY VALUE", "w KEY VALUE", "-----" or "====="', line);
}

/** A number where it can be written as one without loss, else the text. */
function atomOf(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) && String(number) === text ? number : text;
}

function forgetFirstValues(sessions: readonly Session[]): void {
  const written = new Map<Json, Set<Json>>();
  const steps = sessions.flatMap((session) => session.flat());
  for (const [kind, key, value] of steps) {
    if (kind !== 'w') continue;
    const values = written.get(key) ?? new Set();
    written.set(key, values.add(value));
  }
  for (const step of steps) {
    const [kind, key, value] = step;
    if (kind === 'r' && written.get(key)?.has(value) !== true) step[2] = null;
  }
}

function* inTurns(sessions: readonly Session[]): Generator<HistoryEvent> {
  let index = 0;
  let left = sessions.map((session, process) => ({ process, session: session.values() }));
  while (left.length > 0) {
    const turn = left.map(({ process, session }) => ({ process, next: session.next() }));
    left = left.filter((_, at) => turn[at]?.next.done !== true);
    for (const phase of ['invoke', 'ok'] as const) {
      for (const { process, next } of turn) {
        if (next.done === true || next.value.length === 0) continue;
        const value = phase === 'ok' ? next.value : next.value.map(asked);
        yield { index, timeNs: index++, process, phase, op: 'txn', value };
      }
    }
  }
}

const asked = ([kind, key, value]: Step): Step => [kind, key, kind === 'r' ? null : value];
