import type { OpEvent } from '../../../core/event.ts';
import { type History, historyOf } from '../../../core/history.ts';
import type { Json } from '../../../core/json.ts';

/**
 * A history in short: one line a session, transactions parted by `|`, steps by blanks: `wx1` writes 1 to
 * x, `rx1` reads 1, `rx_` reads nothing, `ax1` appends, `rx[1,2]` reads a list. All sessions run at once,
 * in steps: their first transactions overlap, then their second ones. A transaction with `!` behind it
 * crashed, one with `~` failed, `-` leaves a step out.
 */
export function briefTransactions(text: string): History {
  const sessions = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split('|').map((each) => each.trim()));
  const events: Omit<OpEvent, 'index' | 'timeNs'>[] = [];
  const longest = Math.max(0, ...sessions.map(({ length }) => length));
  for (let step = 0; step < longest; step++) {
    for (const phase of ['invoke', 'done']) {
      for (const [process, session] of sessions.entries()) {
        const one = session[step] ?? '-';
        if (one === '-') continue;
        const end = one.endsWith('!') ? 'info' : one.endsWith('~') ? 'fail' : 'ok';
        const micros = one.replace(/[!~]$/, '').trim().split(/\s+/).map(microOf);
        const value = phase === 'invoke' || end !== 'ok' ? micros.map(asked) : micros;
        events.push({ process, op: 'txn', phase: phase === 'invoke' ? 'invoke' : end, value });
      }
    }
  }
  return historyOf(events.map((event, index) => ({ index, timeNs: index, ...event })));
}

const kinds: Readonly<Record<string, string>> = { a: 'append', r: 'r', w: 'w' };

function microOf(text: string): readonly Json[] {
  const value = text.slice(2);
  return [kinds[text[0]!]!, text[1]!, value === '_' ? null : (JSON.parse(value) as Json)];
}

const asked = ([kind = null, key = null, value = null]: readonly Json[]): readonly Json[] =>
  kind === 'r' ? [kind, key, null] : [kind, key, value];
