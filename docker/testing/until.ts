import { setTimeout as delay } from 'node:timers/promises';

const deadlineMs = 15_000;
const pollMs = 20;

/** Polls until the answer will do; rejects, saying what was awaited and what came, after 15 s. */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer>,
  willDo: (answer: Answer) => boolean,
): Promise<Answer> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (willDo(answer)) return answer;
    if (performance.now() > endMs) {
      throw new Error(`Waited 15 s for ${what}; the last answer was ${JSON.stringify(answer)}`);
    }
    await delay(pollMs);
  }
}
