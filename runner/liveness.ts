import { type FaultEvent, type OpEvent, isFaultEvent } from '../core/event.ts';
import type { History } from '../core/history.ts';
import type { Plan } from '../core/run.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Conducted } from './conduct.ts';
import { leaderOf } from './observer.ts';

/**
 * Whether the cluster did something good in the end, where the time that passes is the run's own and no
 * slow machine can be to blame. Null in worlds of real time, where waiting in vain proves nothing.
 *
 * Always: once everything is healed there is a leader, operations succeed, and replicas catch up. In
 * the mode `liveness` also while faults last, which then leave a majority alone: in every stretch in
 * which nothing changes operations go on, and leaders stay.
 */
export function livenessVerdict(plan: Plan, conducted: Conducted): Verdict | null {
  if (plan.world !== 'sim') return null;
  const { notRecovered, notAtRest, outside } = conducted;
  const wrong = [notRecovered, notAtRest, mute(conducted)].filter((each) => each !== null);
  const stretches = plan.mode === 'liveness' ? stretchesOf(plan, conducted) : [];
  wrong.push(...stretches.flatMap((stretch) => [...gapsIn(stretch, plan), ...unrestIn(stretch)]));
  const [first] = wrong;
  if (first !== undefined) {
    const valid = outside.length === 0 ? 'invalid' : 'unknown';
    return { checker: 'liveness', valid, summary: first, details: { wrong } };
  }
  if (plan.mode === 'liveness' && stretches.length === 0) {
    const summary = `no fault lasted longer than ${progressBoundMs(plan)} ms with enough clients at work, so that nothing is known of progress under faults; try a longer --time or --nemesis-interval, and a --concurrency of the number of nodes`;
    return { checker: 'liveness', valid: 'unknown', summary };
  }
  const under = plan.mode === 'liveness' ? `, and in ${stretches.length} stretches of faults` : '';
  const summary = `operations went on when all was healed${under}`;
  return { checker: 'liveness', valid: 'valid', summary };
}

/** After the last fault was healed operations were asked for, and none of them succeeded. */
function mute({ history, mainEndNs, cutShort }: Conducted): string | null {
  if (cutShort !== null) return null;
  const last = operationsOf(history).filter(({ timeNs }) => timeNs > mainEndNs);
  const asked = last.filter(({ phase }) => phase === 'invoke').length;
  if (asked === 0 || last.some(({ phase }) => phase === 'ok')) return null;
  return `none of ${asked} operations succeeded after everything was healed`;
}

/** Time of the main phase in which the faults in force do not change. */
interface Stretch {
  readonly fromNs: number;
  readonly toNs: number;
  readonly faults: readonly string[];
  readonly operations: readonly OpEvent[];
  readonly sightings: Conducted['sightings'];
}

/**
 * What a cluster may take to get over a change: to notice it, to elect, and to let go of what clients
 * asked of nodes that are gone.
 */
export function progressBoundMs({
  timeoutMs,
  settings,
}: Pick<Plan, 'timeoutMs' | 'settings'>): number {
  return 3000 + timeoutMs + 5 * Number(settings.electionMs ?? 0);
}

/** Stretches with a fault in force, long enough to judge, of runs with clients on every node. */
function stretchesOf(plan: Plan, conducted: Conducted): Stretch[] {
  const { history, sightings, mainEndNs } = conducted;
  if (plan.concurrency < plan.nodes || (plan.rate > 0 && plan.rate < plan.nodes)) return [];
  const operations = operationsOf(history);
  const inForce = new Map<number, string>();
  const stretches: Stretch[] = [];
  let fromNs = 0;
  const close = (toNs: number): void => {
    const faults = [...inForce.values()];
    const isIn = ({ timeNs }: { readonly timeNs: number }): boolean =>
      timeNs > fromNs && timeNs <= toNs;
    if (faults.length > 0 && toNs - fromNs > 1e6 * progressBoundMs(plan)) {
      const seen = { operations: operations.filter(isIn), sightings: sightings.filter(isIn) };
      stretches.push({ fromNs, toNs, faults, ...seen });
    }
    fromNs = toNs;
  };
  for (const event of history.events()) {
    if (!isFaultEvent(event) || event.timeNs > mainEndNs) continue;
    close(event.timeNs);
    if (event.phase === 'active') inForce.set(event.faultId, summaryOf(event));
    if (event.phase === 'end' || event.phase === 'failed') inForce.delete(event.faultId);
  }
  close(mainEndNs);
  return stretches;
}

function summaryOf({ fault, value }: FaultEvent): string {
  const { summary } = (value ?? {}) as { readonly summary?: unknown };
  return typeof summary === 'string' ? summary : fault;
}

/** Times longer than the bound without a success. */
function gapsIn({ fromNs, toNs, faults, operations }: Stretch, plan: Plan): string[] {
  const limitNs = 1e6 * progressBoundMs(plan);
  const times = operations.filter(({ phase }) => phase === 'ok').map(({ timeNs }) => timeNs);
  let sinceNs = fromNs;
  for (const timeNs of [...times, toNs]) {
    const gapNs = timeNs - sinceNs;
    if (gapNs > limitNs) {
      return [
        `no operation succeeded for ${secondsOf(gapNs)} from ${secondsOf(sinceNs)} on, with a majority in order (${faults.join('; ')})`,
      ];
    }
    sinceNs = timeNs;
  }
  return [];
}

/** So many changes of leader are more than what a change of faults explains. */
const mostLeaders = 4;

/** Leaders that come and go while nothing else changes. */
function unrestIn({ fromNs, toNs, faults, sightings }: Stretch): string[] {
  const terms = new Set<number>();
  for (const sighting of sightings) {
    const leader = leaderOf(sighting);
    const term = leader === undefined ? undefined : sighting.statuses[leader]?.term;
    if (term !== undefined) terms.add(term);
  }
  if (terms.size <= mostLeaders) return [];
  return [
    `${terms.size} leaders followed one another in the ${secondsOf(toNs - fromNs)} from ${secondsOf(fromNs)} on, with a majority in order (${faults.join('; ')})`,
  ];
}

function secondsOf(timeNs: number): string {
  return `${(timeNs / 1e9).toFixed(1)} s`;
}

function operationsOf(history: History): OpEvent[] {
  return [...history.events()].filter((event): event is OpEvent => !isFaultEvent(event));
}
