import type { HistoryEvent } from '../core/event.ts';
import type { Plan, Run } from '../core/run.ts';
import { type Twice, differenceText, twice } from '../simulator/twice.ts';
import { UsageError, messageOf } from './failure.ts';
import { simulate } from './simulate.ts';

/** Simulates a plan twice, and compares all that happens; a run that breaks off must do so twice. */
export function verify(plan: Plan): Promise<Twice> {
  return twice(async (trace) => {
    try {
      await simulate(plan, { trace });
    } catch (error) {
      trace.note('the run', 'breaks off', messageOf(error));
    }
  });
}

export function refuseVerify({ world }: Plan): void {
  if (world === 'sim') return;
  throw new UsageError(
    `expected --world sim for --verify, got ${world}; only there one seed is one execution`,
  );
}

/** Verifies a run that has been saved. Rejects, naming the first difference, when it does not repeat. */
export async function verifyRun({ plan, history }: Run): Promise<string> {
  const again: HistoryEvent[] = [];
  const { events, draws, difference } = await twice(async (trace) => {
    const { conducted } = await simulate(plan, { trace });
    again.length = 0;
    for (const event of conducted.history.events()) again.push(event);
  });
  if (difference !== null) {
    throw new Error(`the seed ${plan.seed} does not repeat: ${differenceText(difference)}`);
  }
  refuseOther(again, history.events());
  return `verified  ${events} events and ${draws} draws, twice the same`;
}

/** Progress, journals and reports must not have moved anything. */
function refuseOther(again: readonly HistoryEvent[], saved: Iterable<HistoryEvent>): void {
  let at = 0;
  for (const event of saved) {
    const [here, there] = [JSON.stringify(event), JSON.stringify(again[at] ?? null)];
    if (here !== there) {
      throw new Error(`expected to repeat event ${at} of the saved history, ${here}, got ${there}`);
    }
    at++;
  }
  if (at === again.length) return;
  throw new Error(`expected ${at} events as in the saved history, got ${again.length}`);
}
