import type { Clock } from '../../core/clock.ts';
import type { Answer, RespConnection } from '../../wire/resp-line.ts';

/** Longer than any run: the connection itself is to give nobody up. */
const foreverMs = 24 * 3600 * 1000;

/**
 * A connection that stays open after a time-out. What was asked then is answered later, and whoever
 * asks next takes that answer for his own; so it goes on, always one behind.
 */
export function carelessConnection(clock: Clock): (connection: RespConnection) => RespConnection {
  return (connection) => {
    let late: Promise<Answer> | undefined;
    return {
      get isOpen() {
        return connection.isOpen;
      },
      async ask(commands, timeoutMs) {
        const expected = late ?? connection.ask(commands, foreverMs);
        const given = await withinTime(expected, timeoutMs, clock);
        if (given === undefined) {
          late = expected;
          return { kind: 'lost', reason: `no reply within ${String(timeoutMs)} ms` };
        }
        if (late !== undefined)
          late = connection.isOpen ? connection.ask(commands, foreverMs) : undefined;
        return given;
      },
      close: () => connection.close(),
    };
  };
}

async function withinTime(
  answer: Promise<Answer>,
  timeoutMs: number,
  clock: Clock,
): Promise<Answer | undefined> {
  const enough = new AbortController();
  const given = await Promise.race([answer, clock.sleep(timeoutMs, enough.signal)]);
  enough.abort();
  return given ?? undefined;
}
