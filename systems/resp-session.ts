import type { Clock } from '../core/clock.ts';
import type { Outcome } from '../core/event.ts';
import { type Wire, attempt } from './resp-attempt.ts';
import { type Finding, type RespOperation, outcomeOf } from './resp-operations.ts';

/** A client's session with a store (Ongaro, dissertation §6.3), opened when it is first needed. */
export interface RespSession {
  readonly wire: Wire;
  /** For one write, all its attempts together. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  id: number | undefined;
  /** Of the last write. */
  sequence: number;
}

/** Between two attempts at one write. */
const pauseMs = 20;

/** An attempt takes at most this share of the time for the write, so that there can be others. */
const shareOfTime = 1 / 4;

/**
 * Sends a write until it is answered or its time is over. All attempts have one number, so they take
 * effect at most once; and once the next write has taken effect, none of them can any more.
 */
export async function writeInSession(
  session: RespSession,
  operation: RespOperation,
): Promise<Outcome> {
  const { clock, timeoutMs } = session;
  const nowMs = (): number => clock.nowNs() / 1e6;
  const endMs = nowMs() + timeoutMs;
  session.sequence += 1;
  let inDoubt = false;
  for (;;) {
    const finding = await attemptInSession(session, operation, endMs);
    if (finding.kind === 'done') return finding.outcome;
    inDoubt ||= finding.kind !== 'refused';
    // Under another session an attempt in doubt could take effect a second time.
    const isOver = inDoubt && session.id === undefined;
    if (isOver || nowMs() + pauseMs >= endMs) {
      // That the last attempt was refused makes no earlier one certain.
      return outcomeOf(operation, inDoubt ? { ...finding, kind: 'doubt' } : finding);
    }
    await clock.sleep(pauseMs);
  }
}

async function attemptInSession(
  session: RespSession,
  operation: RespOperation,
  endMs: number,
): Promise<Finding> {
  if (session.id === undefined) {
    const opened = await open(session, endMs);
    if (opened !== undefined) return opened;
  }
  const untilMs = Math.min(endMs, session.clock.nowNs() / 1e6 + session.timeoutMs * shareOfTime);
  const use = ['SESSION', 'USE', String(session.id), String(session.sequence)];
  const finding = await attempt(session.wire, operation, untilMs, [use]);
  const isForgotten = finding.kind === 'refused' && finding.error.startsWith('NOSESSION');
  // After a surprise it is not known whether the write went under the session.
  if (isForgotten || finding.kind === 'surprise') session.id = undefined;
  return finding;
}

/**
 * Opening a session changes no key: if it fails, the write has certainly not happened. It has all the
 * time that is left: on links slower than an attempt may be there would never be a session.
 */
async function open(session: RespSession, untilMs: number): Promise<Finding | undefined> {
  const answer = await session.wire.ask([['SESSION', 'OPEN']], untilMs);
  if (answer.kind !== 'replies') return { kind: 'refused', error: answer.reason };
  const [reply] = answer.replies;
  if (reply?.kind !== 'integer') {
    return { kind: 'refused', error: `no session was opened: ${JSON.stringify(reply)}` };
  }
  session.id = reply.value;
  return undefined;
}
