import type { CheckContext, Checker } from '../core/checker.ts';
import type { FaultEffect, Plan, Results, RunStats } from '../core/run.ts';
import { type Verdict, mergeValidity } from '../core/verdict.ts';
import type { Conducted } from './conduct.ts';
import { exitCodeOf } from './exit-codes.ts';
import { livenessVerdict } from './liveness.ts';
import { runStats } from './stats.ts';
import { judgeThreshold, parseThreshold } from './thresholds.ts';
import { faultEffects } from './vacuity.ts';

/** What a judgement may use, and who else is asked. */
export interface JudgeContext extends CheckContext {
  /** Look at what the run left beside its history, such as the nodes' logs. */
  readonly others?: readonly Checker[];
}

/** Checks what a conducted test recorded, and says whether the run proved anything. */
export async function judge(
  plan: Plan,
  conducted: Conducted,
  checker: Checker,
  { others = [], ...context }: JudgeContext,
): Promise<Results> {
  const { history, sightings, mainEndNs } = conducted;
  const stats = runStats(history, mainEndNs, conducted.unissued);
  const kinds = new Set(plan.nemesis.map((name) => name.split(':')[0] ?? name));
  const faults = faultEffects(history, sightings, [...kinds]);
  const checked = await checker.check(history, context);
  const besides: Verdict[] = [];
  for (const other of others) besides.push(await other.check(history, context));
  const vacuity = vacuityVerdict(plan, { faults, stats }, conducted);
  const invariants = invariantsVerdict(conducted);
  const liveness = livenessVerdict(plan, conducted);
  const parts = [invariants, checked, ...besides, liveness, vacuity].filter(
    (part) => part !== null,
  );
  const verdict: Verdict = {
    checker: 'run',
    valid: mergeValidity(parts.map(({ valid }) => valid)),
    summary: worstOf(parts).summary,
    parts,
  };
  const thresholds = plan.thresholds.map((text) => judgeThreshold(parseThreshold(text), stats));
  return {
    valid: verdict.valid,
    reason: reasonFor(verdict, checked, conducted),
    verdict,
    faults,
    stats,
    thresholds,
    exitCode: exitCodeOf(
      verdict.valid,
      thresholds.every(({ met }) => met),
    ),
  };
}

function reasonFor(verdict: Verdict, checked: Verdict, conducted: Conducted): string {
  const { outside } = conducted;
  if (verdict.valid === 'valid') return cutNote(checked.summary, conducted);
  if (outside.length === 0) return verdict.summary;
  return `outside assumptions (${outside.join(', ')}): ${verdict.summary}`;
}

/** The first of the verdicts that decide. */
function worstOf(parts: readonly Verdict[]): Verdict {
  const worst = mergeValidity(parts.map(({ valid }) => valid));
  return (parts.find(({ valid }) => valid === worst) ?? parts.at(-1)) as Verdict;
}

/** Null where all that was looked at held, or nobody could look. */
function invariantsVerdict({ breaches }: Conducted): Verdict | null {
  const [first] = breaches;
  if (first === undefined) return null;
  const { invariant, node, timeNs, summary } = first;
  return {
    checker: 'invariants',
    valid: 'invalid',
    summary: `${invariant} did not hold${node === undefined ? '' : ` on ${node}`} after ${(timeNs / 1e9).toFixed(3)} s: ${summary}`,
    details: { breaches: breaches.map((breach) => ({ ...breach })) },
  };
}

/** What was seen of a run that ended before its time is all that was judged. */
function cutNote(summary: string, { cutShort }: Conducted): string {
  return cutShort === null ? summary : `${summary}; ${cutShort}`;
}

/**
 * A run whose faults did nothing, that did not come back, or in which some kind of operation never
 * succeeded, is not proof of anything.
 */
function vacuityVerdict(
  plan: Plan,
  { faults, stats }: { readonly faults: readonly FaultEffect[]; readonly stats: RunStats },
  { notRecovered, cutShort }: Conducted,
): Verdict {
  const why = toothless(plan, faults).map((effect) => withoutBite(plan, effect));
  why.unshift(...withoutSuccess(stats));
  // On virtual time it is a matter of liveness, and no excuse.
  if (notRecovered !== null && plan.world !== 'sim') why.unshift(notRecovered);
  if (cutShort !== null && why.length > 0) why.unshift(cutShort);
  if (why.length === 0) {
    const cut = cutShort === null ? '' : `${cutShort}; `;
    const summary = plan.nemesis.length === 0 ? 'no faults were asked for' : biteOf(plan, faults);
    return { checker: 'vacuity', valid: 'valid', summary: `${cut}${summary}` };
  }
  return { checker: 'vacuity', valid: 'unknown', summary: why.join('; ') };
}

function biteOf(plan: Plan, faults: readonly FaultEffect[]): string {
  const due = faults.filter((effect) => wasDue(plan, effect));
  const bitten = due.map(({ fault, bit, injected }) => `${fault} ${bit} of ${injected}`);
  const others = faults.filter((effect) => !due.includes(effect)).map(({ fault }) => fault);
  const rest = others.length === 0 ? '' : `; never due: ${others.join(', ')}`;
  return `faults that bit: ${bitten.join(', ')}${rest}`;
}

/**
 * Kinds of faults that did nothing. What was never due has not failed to bite, as long as anything was.
 * In the simulator, where a seed costs little and thousands are run, a run in which only some kinds of
 * faults bit is worth something too.
 */
function toothless(plan: Plan, faults: readonly FaultEffect[]): readonly FaultEffect[] {
  if (plan.world === 'sim' && faults.some(({ bit }) => bit > 0)) return [];
  const due = faults.filter((effect) => wasDue(plan, effect));
  return (due.length === 0 ? faults : due).filter(({ bit }) => bit === 0);
}

function wasDue({ faults }: Plan, { fault }: FaultEffect): boolean {
  return faults.some(({ kind }) => kind === fault);
}

function withoutBite(plan: Plan, effect: FaultEffect): string {
  const { fault, injected } = effect;
  if (injected > 0) return `none of ${injected} faults of kind "${fault}" had any effect`;
  return wasDue(plan, effect)
    ? `the fault "${fault}" was never put in force`
    : `the fault "${fault}" was never due: the run is too short, or --nemesis-interval too long`;
}

function withoutSuccess({ byOp }: RunStats): string[] {
  const kinds = Object.entries(byOp);
  if (kinds.length === 0) return ['no operation was carried out'];
  return kinds
    .filter(([, { ok }]) => ok === 0)
    .map(([op, { fail, info }]) => `no ${op} ever succeeded (${fail} failed, ${info} unknown)`);
}
